namespace Serverless.Sessions.Accounts;

/// <summary>Changes an account so that no concurrent login slips by: opens a new epoch, moves the account to it and closes the
/// old one, so a login that read the old account has its session ended or finds its epoch closed. The next login, change or timer
/// (<see cref="FinishAccountChanges"/>) completes what a crash interrupted.</summary>
public sealed partial class AccountFence(
    IAccountStore accounts, IEmailIndex index, IEpochStore epochs, IPasskeyStore passkeys, ITimeline timeline, IRetentionStore retention,
    AccountOutbox outbox, PushAlerts pushAlerts, EndSessions endSessions, PropagateRoles propagateRoles, KeyRingSource keys,
    IOptions<RetentionOptions> retentionOptions, TimeProvider clock, ILogger<AccountFence> log)
{
    // Longer than the time from scheduling to the change, so that the check comes after it.
    private static readonly TimeSpan LookAfter = 4 * Detached.Longest;

    /// <summary>Changes an account, where it has moved to if it has; null if there is none, if it
    /// is being erased, or if <paramref name="change"/>, which is called again after a concurrent change, returns null. Ignores
    /// cancellation after the first write.</summary>
    public async Task<ChangedAccount?> ChangeAsync(
        AccountKey key, Func<Account, StoredAccount, AccountStep?> change, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var stored = await accounts.ReadAsync(key, cancellationToken);
            if (stored.Account is not { State: not AccountState.Erasing } old)
                return null;
            if (old.IsUnfinished)
            {
                await FinishAsync(old);
                continue;
            }

            if (old.MovedTo is { } moved)
            {
                key = moved;
                continue;
            }

            if (change(old, stored) is not { } next)
                return null;
            var changed = next.Changed with
            {
                Epoch = Ulid.New(clock.GetUtcNow()),
                PendingChange = next.Change with { Closes = old.Epoch },
            };
            // A change that died before it moved the account left its epoch open. Any login or change with such an epoch read the
            // account before this change, and can't move it once this one has.
            var listing = epochs.ListEpochsAsync(old.Id, cancellationToken);
            var alert = Alert.Of(old.Id, next.Change);
            await Task.WhenAll(
                listing, ScheduleAsync(key, cancellationToken), outbox.ScheduleAsync(key, next.Along, cancellationToken),
                pushAlerts.ScheduleAsync(alert, cancellationToken));
            var open = await listing;
            // If an operator removed the account's epoch, the account can still be changed, and logged in to afterwards.
            Ulid? behind = open.Contains(old.Epoch) ? old.Epoch : null;
            var left = open.Where(epoch => epoch != old.Epoch);
            // Not cancellable from here on: half a change would leave the sessions of a changed account valid.
            if (await Detached.RunAsync(clock, token => TryMoveAsync(key, changed, next.Along, behind, left, token)))
            {
                var ended = await FinishAsync(changed);
                outbox.Post(key, next.Along);
                pushAlerts.Post(alert);
                return new(changed with { PendingChange = null }, ended);
            }
        }
    }

    internal Task ScheduleAsync(AccountKey key, CancellationToken cancellationToken) =>
        timeline.ScheduleChangeAsync(new(key, clock.GetUtcNow() + LookAfter), cancellationToken);

    private Task ScheduleAsync(Email email, UserId? created, CancellationToken cancellationToken) => timeline.ScheduleChangeAsync(
        new(email.ToAccountKey(), clock.GetUtcNow() + LookAfter, created, EmailPosition.Of(email)), cancellationToken);

    /// <summary>Goes before the first write of a new account: a check, since nothing else leads to what a creation that dies leaves, and
    /// the email in the index, since accounts are found by it. False, without a write, if the email is another account's: to add it again
    /// would keep its account from being erased.</summary>
    internal async Task<bool> TryScheduleNewAsync(Account account, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account is { } taken && taken.Id != account.Id)
            return false;
        await AddEmailAsync(account.Email, account.Id, cancellationToken);
        return true;
    }

    private async Task AddEmailAsync(Email email, UserId? created, CancellationToken cancellationToken)
    {
        // The check first: it removes the email again if no account comes to it.
        await ScheduleAsync(email, created, cancellationToken);
        await index.AddAsync(EmailPosition.Of(email), clock.Now(), cancellationToken);
    }

    /// <summary>Completes the follow-up of a change, and returns how many sessions it ended. Idempotent, also concurrently.</summary>
    internal async Task<int> FinishAsync(Account account)
    {
        if (account is { PendingChange: null, MovedTo: { } to, State: not AccountState.Moved })
            await FinishMoveAsync(account, to);
        if (account.PendingChange is not { } change)
            return 0;
        log.Report(account, change);
        if (change.From is null)
            await Detached.RunAsync(clock, token => CloseAsync(account, change, token));
        else if (await MoveAsync(account, change) is { } moved)
            account = moved;
        else
            return 0;
        var ended = 0;
        if (change.Ends is { } reason)
            ended = await endSessions.ExecuteAsync(account.Id, reason, change.Except, change.By);
        else
            await propagateRoles.ExecuteAsync(account.Id, account.Email, account.Roles, change.By);
        // After the sessions, which could add another.
        if (change.PasskeysSince is { } since)
            await RepeatAsync(token => TryRemovePasskeysAsync(account, change, since, token));
        if (change.ReviewsPasskeys)
            await RepeatAsync(token => TryReviewPasskeysAsync(account, change, token));

        // If the account has changed again by then, these may be outdated: the last to propagate must use the current ones.
        var (tries, given) = (new Retries(clock), account);
        while (await Detached.RunAsync(clock, token => SettleAsync(account, change, given, token)) is { } stored)
        {
            if (stored.Epoch != account.Epoch)
                await propagateRoles.ExecuteAsync(stored.Id, stored.Email, stored.Roles, stored.PendingChange?.By);
            given = stored;
            await tries.NextAsync(default);
        }

        return ended;
    }

    private async Task CloseAsync(Account account, AccountChange change, CancellationToken cancellationToken)
    {
        var entry = change.ToEntry();
        if (entry is not null)
            await ScheduleAsync(account.Id, entry, cancellationToken);
        await epochs.CloseEpochAsync(account.Id, change.Closes, entry, cancellationToken);
    }

    // Before the entry is written, since no activity leads to it: an empty log is dropped when its hour comes.
    private Task ScheduleAsync(UserId user, LogEntry entry, CancellationToken cancellationToken) => retention.ScheduleAsync(
        [new(LogOwner.Of(user), entry.At + retentionOptions.Value.LogLifetime)], cancellationToken);

    private async Task RepeatAsync(Func<CancellationToken, Task<bool>> tryAsync)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(default))
        {
            if (await Detached.RunAsync(clock, tryAsync))
                return;
        }
    }

    private async Task<bool> TryRemovePasskeysAsync(
        Account account, AccountChange change, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var file = await passkeys.ReadAsync(account.Id, cancellationToken);
        var suspects = file.Passkeys.Where(passkey => passkey.CreatedAt >= since).ToList();
        if (suspects.Count == 0)
            return true;
        if (!await IsPendingAsync(account, change, cancellationToken))
            return true;
        var entries = suspects.Select(_ => new LogEntry(LogAction.PasskeyRemoved, change.At, Client: change.By?.Client)).ToList();
        return await passkeys.TryRemoveAsync(account.Id, null, suspects, file.OpenEpoch(), entries, cancellationToken);
    }

    private async Task<bool> TryReviewPasskeysAsync(Account account, AccountChange change, CancellationToken cancellationToken)
    {
        var file = await passkeys.ReadAsync(account.Id, cancellationToken);
        var marked = file.Passkeys.Where(passkey => !passkey.IsForReview).Select(passkey => passkey with { IsForReview = true }).ToList();
        return marked.Count == 0 || !await IsPendingAsync(account, change, cancellationToken)
            || await passkeys.TryReviewAsync(account.Id, null, marked, file.OpenEpoch(), null, cancellationToken);
    }

    // What another finisher has completed isn't repeated: the owner may have added or reviewed a passkey since. If that happens after this
    // look, the epoch has changed, and refuses the write.
    private async Task<bool> IsPendingAsync(Account account, AccountChange change, CancellationToken cancellationToken) =>
        (await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account?.PendingChange?.Id == change.Id;

    // Returns null once nothing is left to do.
    private async Task<Account?> SettleAsync(
        Account account, AccountChange change, Account given, CancellationToken cancellationToken)
    {
        var read = (await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account;
        if (read is null or { MovedTo: not null } && await epochs.FindAccountKeyAsync(account.Id, cancellationToken) is { } elsewhere)
            read = (await accounts.ReadAsync(elsewhere, cancellationToken)).Account;
        if (read is not { } stored || stored.Id != account.Id)
            return null;
        var isSettled = stored.Epoch != account.Epoch
            ? change.Ends is not null || (stored.Email == given.Email && stored.Roles.SequenceEqual(given.Roles))
            : stored.PendingChange is null
                || await accounts.TryReplaceAsync(stored with { PendingChange = null }, null, cancellationToken);
        return isSettled ? null : stored;
    }

    private async Task<bool> TryMoveAsync(
        AccountKey key, Account changed, AccountWrites? along, Ulid? behind, IEnumerable<Ulid> left, CancellationToken cancellationToken)
    {
        if (!await epochs.TryOpenEpochAsync(changed, behind, cancellationToken)
            || !await TryReplaceAsync(key, changed, along, cancellationToken))
        {
            // The reply to the opening may have been lost, and its retry refused.
            await epochs.CloseEpochAsync(changed.Id, changed.Epoch, null, cancellationToken);
            return false;
        }

        foreach (var epoch in left)
            await epochs.CloseEpochAsync(changed.Id, epoch, null, cancellationToken);
        return true;
    }

    // A refusal may answer our own retry after a lost reply. The epoch is new, so finding it means that the account has moved,
    // and closing it would lock everyone out.
    private async Task<bool> TryReplaceAsync(
        AccountKey key, Account changed, AccountWrites? along, CancellationToken cancellationToken) =>
        await accounts.TryReplaceAsync(changed, along, cancellationToken)
        || (await accounts.ReadAsync(key, cancellationToken)).Account?.Epoch == changed.Epoch;
}
