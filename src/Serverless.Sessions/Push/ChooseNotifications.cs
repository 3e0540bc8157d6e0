namespace Serverless.Sessions.Push;

/// <summary>Reads and changes what the user of a session is told of, and how.</summary>
public sealed class ChooseNotifications(IAccountStore accounts, AccountFence fence, TimeProvider clock)
{
    public async Task<NotificationChoices> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await FindAsync(session, cancellationToken)).Notifications;

    /// <summary>Writes nothing if nothing changes.</summary>
    public async Task<NotificationChoices> ExecuteAsync(
        Session session, Func<NotificationChoices, NotificationChoices> change, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var account = await FindAsync(session, cancellationToken);
            // A move in progress would leave the choice behind.
            if (account.IsUnfinished)
            {
                await fence.FinishAsync(account);
                continue;
            }

            var changed = account with { Notifications = change(account.Notifications) };
            if (changed == account || await accounts.TryReplaceAsync(changed, null, cancellationToken))
                return changed.Notifications;
        }
    }

    private async Task<Account> FindAsync(Session session, CancellationToken cancellationToken) =>
        (await accounts.ReadOfAsync(session, cancellationToken)).Stored.Account is { } account && account.Id == session.UserId
            ? account : throw new StorageUnavailableException("An account changed while it was read.");
}
