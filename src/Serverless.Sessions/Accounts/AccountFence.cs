namespace Serverless.Sessions.Accounts;

/// <summary>
/// Changes an account so that no login which is under way can slip by: a new epoch is opened, the account moves to it, every
/// other one is closed. A login that read the old account either opened its session before that, and whoever ends the sessions
/// afterwards finds it, or it finds its epoch closed, reads again and decides anew.
/// </summary>
public sealed class AccountFence(IAccountStore accounts, ISessionStore sessions, TimeProvider clock)
{
    /// <summary>Changes an account, however many others change it at the same time.</summary>
    /// <param name="key">Which account.</param>
    /// <param name="change">The change; it may be applied more than once, each time to what is stored by then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account after the change; null where there is none.</returns>
    public async Task<Account?> ChangeAsync(AccountKey key, Func<Account, Account> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if ((await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account is not { } old)
                return null;

            // More than one where an earlier change died between its steps. Whoever opened any of these read the account before
            // this change, and can't move it any more once this one has.
            var open = await sessions.ListEpochsAsync(old.Id, cancellationToken).ConfigureAwait(false);
            var changed = change(old) with { Epoch = Ulid.New(clock.GetUtcNow()) };
            await sessions.OpenEpochAsync(changed, cancellationToken).ConfigureAwait(false);
            if (await TryReplaceAsync(key, changed, cancellationToken).ConfigureAwait(false))
            {
                foreach (var epoch in open)
                    await sessions.CloseEpochAsync(old.Id, epoch, cancellationToken).ConfigureAwait(false);
                return changed;
            }

            await sessions.CloseEpochAsync(old.Id, changed.Epoch, cancellationToken).ConfigureAwait(false);
        }
    }

    // A refusal may be the echo of our own first try, whose reply was lost: the epoch is new, so finding it says that the
    // account has moved. To close it then would lock everybody out.
    private async Task<bool> TryReplaceAsync(AccountKey key, Account changed, CancellationToken cancellationToken) =>
        await accounts.TryReplaceAsync(changed, cancellationToken).ConfigureAwait(false)
        || (await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account?.Epoch == changed.Epoch;
}
