namespace Serverless.Tables.Tests.Invariants;

/// <summary>What somebody does to the sessions of one user.</summary>
internal enum Kind
{
    Login,

    /// <summary>With the newest token that the client holds.</summary>
    Refresh,

    /// <summary>With any token that was ever issued.</summary>
    Replay,
    Logout,
    Revoke,
    LogoutAll,
    ChangePassword,
    Heartbeat,
    Purge,
}

/// <summary>One thing that somebody does.</summary>
/// <param name="Kind">What.</param>
/// <param name="Which">Chooses the session.</param>
/// <param name="Back">How many generations back a replayed token is; for an ending of all sessions, whether one lives on.</param>
/// <param name="Attempt">Chooses the attempt that is sent; 0 sends none.</param>
/// <param name="Instance">Which of the two instances is asked.</param>
internal sealed record Act(Kind Kind, int Which, int Back, int Attempt, int Instance)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}(session {Which}, back {Back}, attempt {Attempt}, instance {Instance})");
}

/// <summary>Time passes, and then one thing happens, or several at the same time.</summary>
/// <param name="Wait">How long nothing happens before it.</param>
/// <param name="Acts">What happens at the same time.</param>
/// <param name="Retry">The reply is lost, and the client asks the other instance again after this time.</param>
internal sealed record Step(TimeSpan Wait, IReadOnlyList<Act> Acts, TimeSpan? Retry = null)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"\n  after {Wait}: {string.Join(" beside ", Acts)}{(Retry is { } retry ? $", reply lost, again after {retry}" : "")}");
}
