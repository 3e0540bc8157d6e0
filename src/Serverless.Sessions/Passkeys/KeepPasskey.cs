namespace Serverless.Sessions.Passkeys;

/// <summary>Keeps a passkey that waits for a review, on record: from then on it logs in again.</summary>
public sealed class KeepPasskey(
    IPasskeyStore passkeys, ISessionStore sessions, IRetentionStore retention,
    IOptions<RetentionOptions> retentionOptions, TimeProvider clock)
{
    public async Task<KeepPasskeyResult> ExecuteAsync(Session session, PasskeyId id, ClientInfo client, CancellationToken cancellationToken)
    {
        var (user, now) = (session.UserId, clock.Now());
        var entry = new LogEntry(LogAction.PasskeyReviewed, now, session.Id, client);
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var file = await passkeys.ReadAsync(user, cancellationToken);
            if (file.Find(id) is not { } passkey)
                return new KeepPasskeyResult.NotFound();
            if (!passkey.IsForReview)
                return new KeepPasskeyResult.Kept(passkey, IsNew: false);
            // Read from storage and a condition of the write, so an ended session can't keep a passkey.
            if (await sessions.FindAsync(user, session.Id, cancellationToken) is not { } stored)
                return new KeepPasskeyResult.Ended(EndReason.Unknown);
            if (stored.Session.EndingAt(now) is { } over)
                return new KeepPasskeyResult.Ended(over.Reason);
            await retention.ScheduleAsync([new(LogOwner.Of(user), now + retentionOptions.Value.LogLifetime)], cancellationToken);
            if (await passkeys.TryReviewAsync(
                user, stored, [passkey with { IsForReview = false }], file.OpenEpoch(), entry, cancellationToken))
                return new KeepPasskeyResult.Kept(passkey with { IsForReview = false }, IsNew: true);
        }
    }
}

public abstract record KeepPasskeyResult
{
    private KeepPasskeyResult() { }

    /// <summary><c>IsNew</c> if it waited for a review.</summary>
    public sealed record Kept(Passkey Passkey, bool IsNew) : KeepPasskeyResult;
    public sealed record NotFound : KeepPasskeyResult;
    public sealed record Ended(EndReason Reason) : KeepPasskeyResult;
}
