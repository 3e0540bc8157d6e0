namespace Serverless.Sessions.Passkeys;

public sealed class RemovePasskey(
    IPasskeyStore passkeys, ISessionStore sessions, IAccountStore accounts, IRetentionStore retention,
    IOptions<RetentionOptions> retentionOptions, TimeProvider clock)
{
    public async Task<RemovePasskeyResult> ExecuteAsync(
        Session session, PasskeyId id, ClientInfo client, CancellationToken cancellationToken)
    {
        var (user, now) = (session.UserId, clock.Now());
        var entry = new LogEntry(LogAction.PasskeyRemoved, now, session.Id, client);
        var isTried = false;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var file = await passkeys.ReadAsync(user, cancellationToken);
            // Gone: by the first try, or by another request that did the same.
            if (file.Find(id) is not { } passkey)
                return isTried ? new RemovePasskeyResult.Removed() : new RemovePasskeyResult.NotFound();
            // By storage, and a condition of the write: a thief's session must not remove the owner's passkeys once it was ended.
            if (await sessions.FindAsync(user, session.Id, cancellationToken) is not { } stored)
                return new RemovePasskeyResult.Ended(EndReason.Unknown);
            if (stored.Session.EndingAt(now) is { } over)
                return new RemovePasskeyResult.Ended(over.Reason);
            var epoch = file.OpenEpoch();
            if (file.Passkeys.Count == 1
                && (await accounts.ReadAsync(epoch.Account, cancellationToken)).Account is not { PasswordHash: not null })
            {
                return new RemovePasskeyResult.LastCredential();
            }

            await retention.ScheduleAsync([new(LogOwner.Of(user), now + retentionOptions.Value.LogLifetime)], cancellationToken);
            isTried = true;
            if (await passkeys.TryRemoveAsync(user, stored, [passkey], epoch, [entry], cancellationToken))
                return new RemovePasskeyResult.Removed();
        }
    }
}

public abstract record RemovePasskeyResult
{
    private RemovePasskeyResult() { }

    public sealed record Removed : RemovePasskeyResult;
    public sealed record NotFound : RemovePasskeyResult;

    /// <summary>Without it nobody could log in any more.</summary>
    public sealed record LastCredential : RemovePasskeyResult;
    public sealed record Ended(EndReason Reason) : RemovePasskeyResult;
}
