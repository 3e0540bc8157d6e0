namespace Faults.Tests.Soak;

/// <summary>A session as its user knows it, from what was acknowledged.</summary>
internal sealed class Device(string id, string accessToken, string refreshToken)
{
    public string Id => id;

    public string AccessToken { get; private set; } = accessToken;

    public string RefreshToken { get; private set; } = refreshToken;

    /// <summary>How many steps its refresh chain has made.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether it may have made one more, of which nobody was told because it was ended meanwhile.</summary>
    public bool MayHaveSteppedOnceMore { get; set; }

    /// <summary>How often it changed its user's password.</summary>
    public int PasswordChanges { get; set; }

    public string? EndReason { get; private set; }

    public bool IsLive => EndReason is null;

    /// <summary>The entry that its ending leaves in the log.</summary>
    public string? EndAction => EndReason is "revoked" or "password_changed" ? "session_revoked" : EndReason;

    public void Step(Answer answer)
    {
        Assert.Equal(id, answer.SessionId);
        (AccessToken, RefreshToken) = (answer.AccessToken, answer.RefreshToken);
        Steps++;
    }

    /// <summary>A step of which only the ending was told.</summary>
    public void Step() => Steps++;

    public void End(string reason) => EndReason ??= reason;
}
