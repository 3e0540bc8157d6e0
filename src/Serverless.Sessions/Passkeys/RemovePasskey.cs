namespace Serverless.Sessions.Passkeys;

public sealed class RemovePasskey(
    IPasskeyStore passkeys, IAccountStore accounts, IRetentionStore retention, IOptions<RetentionOptions> retentionOptions, TimeProvider clock)
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
                return isTried ? RemovePasskeyResult.Removed : RemovePasskeyResult.NotFound;
            var epoch = file.OpenEpoch();
            if (file.Passkeys.Count == 1
                && (await accounts.ReadAsync(epoch.Account, cancellationToken)).Account is not { PasswordHash: not null })
            {
                return RemovePasskeyResult.LastCredential;
            }

            await retention.ScheduleAsync([new(LogOwner.Of(user), now + retentionOptions.Value.LogLifetime)], cancellationToken);
            isTried = true;
            if (await passkeys.TryRemoveAsync(user, [passkey], epoch, [entry], cancellationToken))
                return RemovePasskeyResult.Removed;
        }
    }
}

public enum RemovePasskeyResult
{
    Removed,
    NotFound,

    /// <summary>Without it nobody could log in any more.</summary>
    LastCredential,
}
