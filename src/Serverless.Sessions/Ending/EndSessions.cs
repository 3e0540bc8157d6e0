namespace Serverless.Sessions.Ending;

/// <summary>Ends all sessions of a user, or all but one. It can't be cancelled; each step has its own time limit.</summary>
public sealed class EndSessions(
    ISessionStore sessions, EndSession endSession, SessionCache cache, KeyRingSource keys, TimeProvider clock)
{
    public async Task<int> ExecuteAsync(UserId user, EndReason reason, SessionId? except, Actor? by)
    {
        var now = clock.Now();
        var ring = await Detached.RunAsync(clock, token => keys.GetAsync(token).AsTask());
        var auditKey = ring.AuditKeyAt(now);
        var listed = await Detached.RunAsync(clock, token => sessions.ListAsync(user, token));
        // Including those already over, ended by another instance or an earlier try: after success, none may look valid.
        foreach (var each in listed)
            cache.Forget(each.Stored.Session.Id);
        var endings = listed
            .Where(each => each.Stored.Session.Id != except && each.Stored.Session.EndingAt(now) is null)
            .Select(each => SessionEnding.Of(each.Stored, reason, now, by, Guid.NewGuid(), auditKey)).ToList();
        foreach (var chunk in endings.Chunk(SessionEnding.MaximumAtOnce))
        {
            if (await Detached.RunAsync(clock, token => endSession.TryEndAsync(chunk, reason, areRecorded: false, token)))
                continue;
            // Either one changed in the meantime and none was ended, or all were and the reply was lost. Decide for each.
            foreach (var ending in chunk)
                await Detached.RunAsync(clock, token =>
                    endSession.ExecuteAsync(user, ending.Ended.Id, reason, by, isRecorded: true, token));
        }

        return endings.Count;
    }
}

/// <summary>Logs a user out everywhere or everywhere else, including logins under way.</summary>
public sealed class EndAllSessions(AccountFence fence, TimeProvider clock)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task ExecuteAsync(
        UserId user, Email email, EndReason reason, SessionId? except, Actor by, CancellationToken cancellationToken)
    {
        var change = new AccountChange(clock.Now(), Action: null, reason, except, by);
        await fence.ChangeAsync(
            email.ToAccountKey(), (account, _) => account.Id == user ? new(account, change) : null, cancellationToken);
    }
}
