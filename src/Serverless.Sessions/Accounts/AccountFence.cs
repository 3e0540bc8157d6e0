using Microsoft.Extensions.Options;
using Serverless.Sessions.Record;
using Serverless.Sessions.Retention;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// Changes an account so that no login which is under way can slip by: a new epoch is opened, the account moves to it, the old
/// one is closed. A login that read the old account either opened its session before that, and whoever ends the sessions
/// afterwards finds it, or it finds its epoch closed, reads again and decides anew. What follows a change stands on the account
/// until it is done, so that a crash in the middle leaves nothing undone for longer than to the next login or change.
/// </summary>
public sealed class AccountFence(
    IAccountStore accounts,
    ISessionStore sessions,
    IRetentionStore retention,
    EndSessions endSessions,
    GiveRoles giveRoles,
    IOptions<RetentionOptions> retentionOptions,
    TimeProvider clock)
{
    /// <summary>Changes an account, however many others change it at the same time.</summary>
    /// <param name="key">Which account.</param>
    /// <param name="change">The change and what follows it, or null for none after all; it may be asked more than once, each time
    /// for what is stored by then.</param>
    /// <param name="cancellationToken">Gives up, until the first write.</param>
    /// <returns>The account after the change; null where there is none, or no change.</returns>
    public async Task<Account?> ChangeAsync(
        AccountKey key, Func<Account, (Account Changed, AccountChange Change)?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if ((await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account is not { } old)
                return null;
            if (old.Unfinished is not null)
            {
                await FinishAsync(old).ConfigureAwait(false);
                continue;
            }

            if (change(old) is not { } next)
                return null;
            var changed = next.Changed with
            {
                Epoch = Ulid.New(clock.GetUtcNow()),
                Unfinished = next.Change with { Closes = old.Epoch },
            };
            // Of a change that died before it moved the account, the epoch is left. Whoever opened one of these read the account
            // before this change, and can't move it any more once this one has.
            var open = await sessions.ListEpochsAsync(old.Id, cancellationToken).ConfigureAwait(false);
            // From here on a caller who hangs up changes nothing: half a change would be an account whose sessions live on.
            cancellationToken = CancellationToken.None;
            await sessions.OpenEpochAsync(changed, cancellationToken).ConfigureAwait(false);
            if (await TryReplaceAsync(key, changed, cancellationToken).ConfigureAwait(false))
            {
                foreach (var left in open.Where(epoch => epoch != old.Epoch))
                    await sessions.CloseEpochAsync(changed.Id, left, null, cancellationToken).ConfigureAwait(false);
                await FinishAsync(changed).ConfigureAwait(false);
                return changed with { Unfinished = null };
            }

            await sessions.CloseEpochAsync(changed.Id, changed.Epoch, null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does what follows a change of the account and isn't done yet. Doing it twice, or beside somebody who does it
    /// too, is doing it once.</summary>
    internal async Task FinishAsync(Account account)
    {
        if (account.Unfinished is not { } change)
            return;
        var nobody = CancellationToken.None;
        var entry = change.ToEntry();
        // Before its entry, since no activity tells of it: a log that is filed without one is dropped when its hour comes.
        if (entry is not null)
            await retention.FileAsync([new(LogOwner.Of(account.Id), entry.At + retentionOptions.Value.LogLifetime)], nobody).ConfigureAwait(false);
        await sessions.CloseEpochAsync(account.Id, change.Closes, entry, nobody).ConfigureAwait(false);
        if (change.Ends is { } reason)
            await endSessions.ExecuteAsync(account.Id, reason, change.Except, change.By, nobody).ConfigureAwait(false);
        else
            await giveRoles.ExecuteAsync(account.Id, account.Roles, change.By, nobody).ConfigureAwait(false);

        await SettleAsync(account, change, nobody).ConfigureAwait(false);
    }

    // Takes the mark away, unless somebody else did. Where the account has changed once more by then, its roles may be others
    // than those just given: whoever gives last gives the present ones.
    private async Task SettleAsync(Account account, AccountChange change, CancellationToken cancellationToken)
    {
        var (key, given) = (account.Email.ToAccountKey(), account.Roles);
        while ((await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account is { } stored)
        {
            if (stored.Epoch != account.Epoch)
            {
                if (change.Ends is not null || stored.Roles.SequenceEqual(given))
                    return;
                given = stored.Roles;
                await giveRoles.ExecuteAsync(stored.Id, given, stored.Unfinished?.By, cancellationToken).ConfigureAwait(false);
            }
            else if (stored.Unfinished is null
                || await accounts.TryReplaceAsync(stored with { Unfinished = null }, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // A refusal may be the echo of our own first try, whose reply was lost: the epoch is new, so finding it says that the
    // account has moved. To close it then would lock everybody out.
    private async Task<bool> TryReplaceAsync(AccountKey key, Account changed, CancellationToken cancellationToken) =>
        await accounts.TryReplaceAsync(changed, cancellationToken).ConfigureAwait(false)
        || (await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account?.Epoch == changed.Epoch;
}
