namespace Faults.Tests.Soak;

/// <summary>A session as its user knows it, from what was acknowledged.</summary>
internal sealed class Device(string id, string accessToken, string refreshToken)
{
    public string Id => id;

    public string AccessToken { get; private set; } = accessToken;
    public string RefreshToken { get; private set; } = refreshToken;
    public int Steps { get; private set; }

    /// <summary>Whether a refresh may have succeeded of which only the ending was told.</summary>
    public bool MayHaveSteppedOnceMore { get; set; }

    public int PasswordChanges { get; set; }
    public string? EndReason { get; private set; }

    public bool IsLive => EndReason is null;
    public string? EndAction => EndReason is "revoked" or "password_changed" ? "session_revoked" : EndReason;

    public void Step(Answer answer)
    {
        Assert.Equal(id, answer.SessionId);
        (AccessToken, RefreshToken) = (answer.AccessToken, answer.RefreshToken);
        Steps++;
    }

    public void Step() => Steps++;
    public void End(string reason) => EndReason ??= reason;
}
