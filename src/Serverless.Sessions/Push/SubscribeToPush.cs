namespace Serverless.Sessions.Push;

/// <summary>Keeps the push subscription of a session in its row, so it is gone with the session.</summary>
public sealed class SubscribeToPush(ISessionStore sessions, SessionCache cache, TimeProvider clock)
{
    /// <summary>Replaces the subscription of a session; null removes it. The same again writes nothing.</summary>
    public async Task<CheckSessionResult> ExecuteAsync(
        UserId user, SessionId id, PushSubscription? subscription, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await sessions.FindAsync(user, id, cancellationToken) is not { } stored)
                return new CheckSessionResult.Ended(EndReason.Unknown);
            if (stored.Session.EndingAt(clock.GetUtcNow()) is { } ending)
                return new CheckSessionResult.Ended(ending.Reason);
            var changed = stored.Session with { Push = subscription };
            if (changed == stored.Session || await TryStoreAsync(changed, stored.Version, cancellationToken))
                return new CheckSessionResult.Valid(changed);
        }
    }

    /// <summary>Removes a subscription that its push service has dropped, unless the browser has a new one by now.</summary>
    internal async Task RemoveAsync(UserId user, SessionId id, PushSubscription gone, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await sessions.FindAsync(user, id, cancellationToken) is not { } stored || stored.Session.Push != gone
                || await TryStoreAsync(stored.Session with { Push = null }, stored.Version, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task<bool> TryStoreAsync(Session changed, RowVersion expected, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.TrySubscribeAsync(changed, expected, cancellationToken);
        }
        finally
        {
            cache.Drop(changed.Id);
        }
    }
}
