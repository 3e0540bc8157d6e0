namespace Serverless.Tables.Tests.Invariants;

internal enum Kind { Login, Refresh, Replay, Logout, Revoke, LogoutAll, ChangePassword, StepUp, StepUpByPasskey, GiveRoles, Heartbeat, Purge }

/// <param name="Back">How many generations back a replayed token is; for an ending of all sessions, whether one lives on;
/// for a refresh, how long its user has done nothing; for roles, whether the strict one is among them.</param>
internal sealed record Act(Kind Kind, int Which, int Back, int Attempt, int Instance)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}(session {Which}, back {Back}, attempt {Attempt}, instance {Instance})");
}

/// <param name="Retry">The reply is lost, and the client asks the other instance again after this time.</param>
internal sealed record Step(TimeSpan Wait, IReadOnlyList<Act> Acts, TimeSpan? Retry = null)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"\n  after {Wait}: {string.Join(" beside ", Acts)}{(Retry is { } retry ? $", reply lost, again after {retry}" : "")}");
}
