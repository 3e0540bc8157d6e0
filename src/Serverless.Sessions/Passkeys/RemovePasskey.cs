namespace Serverless.Sessions.Passkeys;

public sealed class RemovePasskey(
    IPasskeyStore passkeys, ISessionStore sessions, IAccountStore accounts, IRetentionStore retention,
    IOptions<RetentionOptions> retentionOptions, TimeProvider clock, ILogger<RemovePasskey> log)
{
    public Task<RemovePasskeyResult> ExecuteAsync(
        Session session, PasskeyId id, ClientInfo client, CancellationToken cancellationToken) => ExecuteAsync(
        session.UserId, session.Id, id, new(LogAction.PasskeyRemoved, clock.Now(), session.Id, client), cancellationToken);

    /// <summary>On behalf of a user.</summary>
    public Task<RemovePasskeyResult> ExecuteAsync(
        UserId administrator, UserId user, PasskeyId id, CancellationToken cancellationToken) => ExecuteAsync(
        user, null, id, new LogEntry(LogAction.PasskeyRemoved, clock.Now(), Administrator: administrator), cancellationToken);

    private async Task<RemovePasskeyResult> ExecuteAsync(
        UserId user, SessionId? session, PasskeyId id, LogEntry entry, CancellationToken cancellationToken)
    {
        var isTried = false;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var file = await passkeys.ReadAsync(user, cancellationToken);
            // Gone: by the first try, or by another request that did the same.
            if (file.Find(id) is not { } passkey)
                return isTried ? new RemovePasskeyResult.Removed() : new RemovePasskeyResult.NotFound();
            // By storage, and a condition of the write: a thief's session must not remove the owner's passkeys once it was ended.
            var stored = session is { } asking ? await sessions.FindAsync(user, asking, cancellationToken) : null;
            if (stored is null && session is not null)
                return new RemovePasskeyResult.Ended(EndReason.Unknown);
            if (stored?.Session.EndingAt(entry.At) is { } over)
                return new RemovePasskeyResult.Ended(over.Reason);
            var epoch = file.OpenEpoch();
            if (!passkey.IsForReview && file.Passkeys.Count(each => !each.IsForReview) == 1
                && (await accounts.ReadAsync(epoch.Account, cancellationToken)).Account is not { PasswordHash: not null })
            {
                return new RemovePasskeyResult.LastCredential();
            }

            // Before it is removed, since a repeated request finds nothing to remove and logs nothing.
            if (!isTried && entry.Administrator is { } administrator)
                log.PasskeyRemovedFor($"{administrator}", $"{user}");
            if (!isTried)
                await retention.ScheduleAsync([new(LogOwner.Of(user), entry.At + retentionOptions.Value.LogLifetime)], cancellationToken);
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
