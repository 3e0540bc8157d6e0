using Microsoft.Extensions.Options;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// Changes an account so that no login which is under way can slip by: a new epoch is opened, the account moves to it, the old
/// one is closed. A login that read the old account either opened its session before that, and whoever ends the sessions
/// afterwards finds it, or it finds its epoch closed, reads again and decides anew. What follows a change stands on the account
/// until it is done, and the account is filed to be looked at before it changes: so what a crash in the middle leaves undone is
/// done by the next login or change, or else by the timer (<see cref="FinishAccountChanges"/>).
/// </summary>
public sealed class AccountFence(
    IAccountStore accounts,
    IEpochStore epochs,
    ITimeline timeline,
    IRetentionStore retention,
    EndSessions endSessions,
    PropagateRoles propagateRoles,
    IOptions<RetentionOptions> retentionOptions,
    TimeProvider clock)
{
    // Longer than what lies between the filing and the change: nobody looks at the account before it has changed.
    private static readonly TimeSpan LookAfter = 4 * Detached.Longest;

    /// <summary>Changes an account, however many others change it at the same time.</summary>
    /// <param name="key">Which account.</param>
    /// <param name="change">The change and what follows it, or null for none after all; it may be asked more than once, each time
    /// for what is stored by then.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
    /// <returns>The account after the change; null where there is none, or no change.</returns>
    public async Task<Account?> ChangeAsync(
        AccountKey key, Func<Account, (Account Changed, AccountChange Change)?> change, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if ((await accounts.ReadAsync(key, cancellationToken)).Account is not { } old)
                return null;
            if (old.PendingChange is not null)
            {
                await FinishAsync(old);
                continue;
            }

            if (change(old) is not { } next)
                return null;
            var changed = next.Changed with
            {
                Epoch = Ulid.New(clock.GetUtcNow()),
                PendingChange = next.Change with { Closes = old.Epoch },
            };
            // Of a change that died before it moved the account, the epoch is left. Whoever opened one of these read the account
            // before this change, and can't move it any more once this one has.
            var listing = epochs.ListEpochsAsync(old.Id, cancellationToken);
            await Task.WhenAll(listing, FileAsync(key, cancellationToken));
            var open = await listing;
            // An account whose epoch was taken away by hand can be changed all the same, and logged in to after that.
            Ulid? behind = open.Contains(old.Epoch) ? old.Epoch : null;
            var left = open.Where(epoch => epoch != old.Epoch);
            // From here on a caller who hangs up changes nothing: half a change would be an account whose sessions live on.
            if (await Detached.RunAsync(clock, token => TryMoveAsync(key, changed, behind, left, token)))
            {
                await FinishAsync(changed);
                return changed with { PendingChange = null };
            }
        }
    }

    /// <summary>Has the account looked at soon, ahead of a change that may be interrupted.</summary>
    internal Task FileAsync(AccountKey key, CancellationToken cancellationToken) =>
        timeline.FileChangeAsync(new(key, clock.GetUtcNow() + LookAfter), cancellationToken);

    /// <summary>Does what follows a change of the account and isn't done yet. Doing it twice, or beside somebody who does it
    /// too, is doing it once.</summary>
    internal async Task FinishAsync(Account account)
    {
        if (account.PendingChange is not { } change)
            return;
        await Detached.RunAsync(clock, token => CloseAsync(account, change, token));
        if (change.Ends is { } reason)
            await endSessions.ExecuteAsync(account.Id, reason, change.Except, change.By);
        else
            await propagateRoles.ExecuteAsync(account.Id, account.Roles, change.By);

        // Where the account has changed once more by then, its roles may be others than those just given: whoever gives last gives
        // the present ones.
        var (tries, given) = (new Retries(clock), account.Roles);
        while (await Detached.RunAsync(clock, token => SettleAsync(account, change, given, token)) is { } stored)
        {
            if (stored.Epoch != account.Epoch)
                await propagateRoles.ExecuteAsync(stored.Id, given = stored.Roles, stored.PendingChange?.By);
            await tries.NextAsync(default);
        }
    }

    private async Task CloseAsync(Account account, AccountChange change, CancellationToken cancellationToken)
    {
        var entry = change.ToEntry();
        // Before its entry, since no activity tells of it: a log that is filed without one is dropped when its hour comes.
        if (entry is not null)
        {
            await retention.FileAsync([new(LogOwner.Of(account.Id), entry.At + retentionOptions.Value.LogLifetime)], cancellationToken);
        }

        await epochs.CloseEpochAsync(account.Id, change.Closes, entry, cancellationToken);
    }

    // Takes the mark away, unless somebody else did; null once nothing is left to do.
    private async Task<Account?> SettleAsync(
        Account account, AccountChange change, IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account is not { } stored)
            return null;
        var isSettled = stored.Epoch != account.Epoch
            ? change.Ends is not null || stored.Roles.SequenceEqual(given)
            : stored.PendingChange is null
                || await accounts.TryReplaceAsync(stored with { PendingChange = null }, cancellationToken);
        return isSettled ? null : stored;
    }

    private async Task<bool> TryMoveAsync(
        AccountKey key, Account changed, Ulid? behind, IEnumerable<Ulid> left, CancellationToken cancellationToken)
    {
        if (!await epochs.TryOpenEpochAsync(changed, behind, cancellationToken)
            || !await TryReplaceAsync(key, changed, cancellationToken))
        {
            // The reply to the opening may have been lost, so that its repetition was refused.
            await epochs.CloseEpochAsync(changed.Id, changed.Epoch, null, cancellationToken);
            return false;
        }

        foreach (var epoch in left)
            await epochs.CloseEpochAsync(changed.Id, epoch, null, cancellationToken);
        return true;
    }

    // A refusal may be the echo of our own first try, whose reply was lost: the epoch is new, so finding it says that the
    // account has moved. To close it then would lock everybody out.
    private async Task<bool> TryReplaceAsync(AccountKey key, Account changed, CancellationToken cancellationToken) =>
        await accounts.TryReplaceAsync(changed, cancellationToken)
        || (await accounts.ReadAsync(key, cancellationToken)).Account?.Epoch == changed.Epoch;
}
