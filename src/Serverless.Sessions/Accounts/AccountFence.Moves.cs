namespace Serverless.Sessions.Accounts;

/// <summary>Moves an account to another address, and with it to another partition. The order of writes: the account at the new
/// address, with an epoch that isn't open, and the use of the token; a mark on the former account, which from then on refuses changes;
/// in one transaction, the former epoch closed, the new one opened, and the log entry: the commit point; the former account becomes
/// a tombstone with the notice to its address, or goes, if a move is taken back; the sessions.</summary>
public sealed partial class AccountFence
{
    /// <summary>Starts a move and finishes it. False if the token was used meanwhile, the address is taken or its account isn't the one
    /// that was read, or the account may not move, or the move was given up. Ignores cancellation after the first write.</summary>
    /// <param name="to">The new address.</param>
    /// <param name="at">The account there, which is a tombstone of the same user, or null.</param>
    /// <param name="from">The account to move.</param>
    /// <param name="change">Its action says whether it takes back an earlier move.</param>
    /// <param name="along">With the use of the token.</param>
    /// <param name="mayMove">Decides by the account that is found.</param>
    /// <param name="cancellationToken">Cancels the call before the first write.</param>
    internal async Task<bool> TryMoveAsync(
        Email to, Account? at, AccountKey from, AccountChange change, AccountWrites along, Func<Account, bool> mayMove,
        CancellationToken cancellationToken)
    {
        var key = to.ToAccountKey();
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var former = (await accounts.ReadAsync(from, cancellationToken)).Account;
            if (former is { IsUnfinished: true })
            {
                await FinishAsync(former);
                continue;
            }

            if (former is null || !mayMove(former))
                return false;
            var epoch = Ulid.New(clock.GetUtcNow());
            var moving = MoveOf(former, to, change with { From = from }, epoch, at) with
            {
                Departures = at is null
                    ? [.. former.DeparturesAt(change.At), epoch]
                    : [.. former.Departures.TakeWhile(departure => !at.Departures.Contains(departure))],
            };
            var alert = Alert.Of(former.Id, change);
            await Task.WhenAll(
                AddEmailAsync(to, created: null, cancellationToken), ScheduleAsync(from, cancellationToken),
                outbox.ScheduleAsync(key, along, cancellationToken), pushAlerts.ScheduleAsync(alert, cancellationToken));
            // Not cancellable from here on: a token that is used must have its effect.
            var isMoving = await Detached.RunAsync(clock, token => at is null
                ? accounts.TryAddAsync(moving, along, token)
                : TryReplaceAsync(key, moving, along, token));
            if (!isMoving)
                return false;
            await FinishAsync(moving);
            outbox.Post(key, along);
            pushAlerts.Post(alert);
            // The row of a move that was given up is gone.
            return (await Detached.RunAsync(clock, token => accounts.ReadAsync(key, token))).Account?.Id == moving.Id;
        }
    }

    private static Account MoveOf(Account former, Email to, AccountChange change, Ulid epoch, Account? at)
    {
        var moved = former with
        {
            Email = to,
            EmailVerifiedAt = change.At,
            IsIndexed = true,
            Epoch = epoch,
            PendingChange = change with { Closes = former.Epoch },
            MovedTo = null,
            Version = at?.Version,
        };
        // Whoever confirms an address says that it is theirs, and nothing of the passkeys that come with the account.
        if (change.Action != LogAction.EmailTakenBack)
            return moved with { HasUnprovedPasskeys = true };
        // Whoever changed the email knows the password, or has a passkey, and may have removed the others or closed the account. A
        // disabled one is closed by administrators. Roles that it got since were meant for the other address.
        var open = moved with
        {
            PasswordHash = null,
            IsPasskeyOnly = false,
            HasUnprovedPasskeys = false,
            Roles = [.. former.Roles.Intersect(at!.Roles)],
        };
        return former.State == AccountState.Closing ? open with { State = AccountState.Active, EraseAt = null } : open;
    }

    // Another finisher may be ahead or behind by any step. Returns null if nothing is left to do, and else the account as it moved.
    private async Task<Account?> MoveAsync(Account moving, AccountChange change)
    {
        var (key, from) = (moving.Email.ToAccountKey(), change.From!.Value);
        for (var tries = new Retries(clock); ; await tries.NextAsync(default))
        {
            var (isOver, moved) = await Detached.RunAsync(clock, token => TryCommitAsync(key, moving, from, token));
            if (isOver)
                return null;
            if (moved is not null && await Detached.RunAsync(clock, token => TryLeaveAsync(moved, from, token)))
                return moved;
        }
    }

    // Neither is true after a concurrent change: try again.
    private async Task<(bool IsOver, Account? Moved)> TryCommitAsync(
        AccountKey key, Account moving, AccountKey from, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(key, cancellationToken)).Account is not { PendingChange: { } change } account
            || account.Epoch != moving.Epoch || change.Id != moving.PendingChange!.Id)
        {
            return (true, null);
        }

        var found = (await accounts.ReadAsync(from, cancellationToken)).Account;
        var former = found?.Id == account.Id && found.State != AccountState.Moved ? found : null;
        if (former is { PendingChange: not null } || (former?.MovedTo is { } other && other != key))
        {
            await FinishAsync(former!);
            return default;
        }

        // Marked before the epochs are listed, so that from then on only this move opens or closes one.
        if (former is { MovedTo: null } && MayMove(former, change))
        {
            // It changed since the move started, and the account moves as it is now.
            if (change.Closes != former.Epoch)
            {
                var again = MoveOf(former, account.Email, change, account.Epoch, account) with { Departures = account.Departures };
                await accounts.TryReplaceAsync(again, null, cancellationToken);
                return default;
            }

            // The checks of the former address won't find it.
            if (account.EraseAt is { } eraseAt)
                await timeline.ScheduleChangeAsync(new(key, eraseAt), cancellationToken);
            if (!await accounts.TryReplaceAsync(former with { MovedTo = key }, null, cancellationToken))
                return default;
            former = former with { MovedTo = key };
        }

        var open = await epochs.ListEpochsAsync(account.Id, cancellationToken);
        if (open.Contains(account.Epoch))
            return (false, account);
        if (former?.MovedTo == key)
        {
            var entry = change.ToEntry()!;
            await ScheduleAsync(account.Id, entry, cancellationToken);
            return await epochs.TryMoveEpochAsync(account, open, entry, cancellationToken) ? (false, account) : default;
        }

        // The former account is closing, gone or another's, so the move is given up; unless another finisher has completed it, when
        // the account has another version.
        return (await accounts.TryRemoveAsync(account, cancellationToken), null);
    }

    private static bool MayMove(Account account, AccountChange change) => account.State is AccountState.Active or AccountState.Disabled
        || (account.State == AccountState.Closing && change.Action == LogAction.EmailTakenBack);

    private async Task<bool> TryLeaveAsync(Account moved, AccountKey from, CancellationToken cancellationToken)
    {
        var former = (await accounts.ReadAsync(from, cancellationToken)).Account;
        if (former is null || former.Id != moved.Id || former.State == AccountState.Moved || former.MovedTo != moved.Email.ToAccountKey())
            return true;
        if (moved.PendingChange!.Action == LogAction.EmailTakenBack)
        {
            await ScheduleAsync(former.Email, created: null, cancellationToken);
            return await accounts.TryRemoveAsync(former, cancellationToken);
        }

        var now = clock.Now();
        var token = AccountToken.New(TokenPurpose.Verify, AccountToken.TakeBackLifetime, await keys.GetAsync(cancellationToken), now) with
        {
            User = moved.Id,
        };
        var mail = token.MailTo(former.Email.Address, MailKind.EmailChanged, former.Language, now);
        var along = new AccountWrites(token, Mail: mail, ReplacesAny: true);
        await outbox.ScheduleAsync(from, along, cancellationToken);
        var tombstone = former with
        {
            State = AccountState.Moved,
            PasswordHash = null,
            Devices = default,
            Places = default,
            LastLocation = null,
            Notifications = default,
            ReservedUntil = token.ExpiresAt,
            Departures = [moved.Epoch],
        };
        if (!await accounts.TryReplaceAsync(tombstone, along, cancellationToken))
            return false;
        outbox.Post(from, along);
        return true;
    }

    // The mark on an account that is moving away. Its move is complete once this account has become a tombstone, or is gone.
    private async Task FinishMoveAsync(Account former, AccountKey to)
    {
        var moving = (await Detached.RunAsync(clock, token => accounts.ReadAsync(to, token))).Account;
        if (moving?.PendingChange?.From == former.Email.ToAccountKey())
            await FinishAsync(moving);
        else
            await Detached.RunAsync(clock, token => accounts.TryReplaceAsync(former with { MovedTo = null }, null, token));
    }
}
