namespace Serverless.Sessions.Ending;

/// <summary>Enforces the cap on sessions per account: the least recently used make room for the newest. Of two concurrent logins
/// only the newer evicts the older, or both would be gone.</summary>
public sealed class EvictSessions(ListSessions listSessions, EndSession endSession, SessionPolicies policies)
{
    public async Task ExecuteAsync(Session newest, ClientInfo client, CancellationToken cancellationToken)
    {
        if (policies.Of(newest).MaximumSessions is not { } maximum)
            return;
        var good = await listSessions.ExecuteAsync(newest.UserId, cancellationToken);
        if (good.Count <= maximum || good.FirstOrDefault(each => each.Stored.Session.Id == newest.Id) is not { } own)
            return;
        var older = good.Where(each => AgeOf(each).CompareTo(AgeOf(own)) < 0);
        foreach (var each in older.TakeLast(good.Count - maximum))
            await endSession.ExecuteAsync(newest.UserId, each.Stored.Session.Id, EndReason.Evicted, Actor.Of(client), cancellationToken);
    }

    private static (DateTimeOffset CreatedAt, UInt128 Id) AgeOf(ListedSession listed) =>
        (listed.Stored.Session.CreatedAt, listed.Stored.Session.Id.Value);
}
