namespace Serverless.Sessions.Accounts;

/// <summary>Erases a closed account and all that is stored of its user. First the account is marked and its epochs are closed, so
/// that nothing more is written about it; its row goes last, since it leads to the rest. Each step may be repeated, so a run that dies
/// or ends early is continued by the next. A quarter of an hour later a second pass takes what requests and timers under way have
/// written.</summary>
public sealed class EraseAccount(
    IAccountStore accounts, IEmailIndex index, IEpochStore epochs, IPersonalDataStore store, IStatisticsStore statistics,
    ITimeline timeline, RaiseSecurityEvent raise, IOptions<ThrottleOptions> throttle, IOptions<RetentionOptions> retention,
    TimeProvider clock, ILogger<EraseAccount> log)
{
    // Longer than any request or timer runs (host.json).
    internal static readonly TimeSpan Settling = TimeSpan.FromMinutes(15);

    // A run that is over is continued by the next.
    private static readonly TimeSpan Next = TimeSpan.FromMinutes(1);

    // While a mail waits to tell the user.
    private static readonly TimeSpan NextWithMail = TimeSpan.FromHours(1);

    // An entry and its activity, decided by one request, differ by less.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    // Events about a user are found by reading those of all users.
    private static readonly TimeSpan EventStep = TimeSpan.FromDays(30);

    /// <summary>Schedules the account's next check until it is erased.</summary>
    internal async Task ExecuteAsync(Account account, Func<bool> isOver, CancellationToken cancellationToken)
    {
        if (await RunAsync(account, isOver, cancellationToken) is { } next)
            await timeline.ScheduleChangeAsync(new(account.Email.ToAccountKey(), next), cancellationToken);
    }

    // Returns when to go on; null if the account is gone.
    private async Task<DateTimeOffset?> RunAsync(Account account, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var (now, key) = (clock.Now(), account.Email.ToAccountKey());
        if (account.State != AccountState.Erasing)
        {
            await accounts.TryReplaceAsync(Mark(account, now), null, cancellationToken);
            var stored = (await accounts.ReadAsync(key, cancellationToken)).Account;
            // Changed or restored meanwhile.
            if (stored is not { State: AccountState.Erasing })
                return stored is null ? null : now + Next;
            account = stored;
        }

        await raise.ExecuteAsync(SecurityEvent.OfErasure(account.Id, account.EraseAt!.Value), cancellationToken);
        foreach (var epoch in await epochs.ListEpochsAsync(account.Id, cancellationToken))
            await epochs.CloseEpochAsync(account.Id, epoch, null, cancellationToken);

        // The log leads to the activity, so it goes as its hours are done; the rest of the rows after that.
        if (!await EraseLogAsync(LogOwner.Of(account.Id), account.Id, key, now, isOver, cancellationToken)
            || !await EraseLogAsync(LogOwner.Of(key), account.Id, key, now, isOver, cancellationToken)
            || await EraseEventsAsync(account, now, isOver, cancellationToken) is not { } saved)
        {
            return now + Next;
        }

        // An entry may be missing, or be written behind its activity. Nothing that was under way writes after the second pass is due.
        var settled = account.ReservedUntil!.Value;
        for (var hour = (settled - Settling).StartOfHour().AddHours(-1); hour <= now && hour <= settled; hour += TimeSpan.FromHours(1))
            await store.AnonymizeActivityAsync(account.Id, key, hour, cancellationToken);
        await EraseStatisticsAsync(account.Id, key, DayStatistics.Of(now), cancellationToken);
        while (!await store.RemoveRowsAsync(LogOwner.Of(account.Id), cancellationToken))
        {
            if (isOver())
                return now + Next;
        }

        if (now < saved.ReservedUntil)
            return saved.ReservedUntil;
        // It was promised with the closing, and says when this ends.
        if ((await store.ReadMailsAsync(key, cancellationToken)).Any(mail => mail.To is not null && mail.ExpiresAt > now))
            return now + NextWithMail;
        await store.RemoveBesideAsync(key, cancellationToken);
        // One that was just added is of an account as young, or of an older release, which adds it before it looks.
        if (!await index.TryRemoveAsync(EmailPosition.Of(account.Email), now, cancellationToken))
            return now + EmailPosition.Grace;
        if (!await accounts.TryRemoveAsync(saved, cancellationToken))
            return now + Next;

        log.AccountErased($"{account.Id}");
        return null;
    }

    private static Account Mark(Account account, DateTimeOffset now) => account with
    {
        State = AccountState.Erasing,
        PasswordHash = null,
        Roles = [],
        Devices = default,
        Places = default,
        LastLocation = null,
        Notifications = default,
        EmailVerifiedAt = null,
        Language = null,
        ReservedUntil = now + Settling,
    };

    // Entries go as their hours are done, so a run that is over has got further.
    private async Task<bool> EraseLogAsync(
        LogOwner owner, UserId user, AccountKey key, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var done = new HashSet<DateTimeOffset>();
        while (await store.ReadLogAsync(owner, cancellationToken) is { Count: > 0 } rows)
        {
            var erased = new List<LoggedRow>();
            foreach (var row in rows)
            {
                foreach (var hour in HoursOf(row, now).Where(done.Add))
                    await store.AnonymizeActivityAsync(user, key, hour, cancellationToken);
                erased.Add(row);
                if (isOver())
                    break;
            }

            await store.RemoveAsync(owner, erased, cancellationToken);
            if (isOver())
                return false;
        }

        return true;
    }

    // A login that a lock refuses is an activity without an entry of its own. A malformed key has no time, or any.
    private IEnumerable<DateTimeOffset> HoursOf(LoggedRow row, DateTimeOffset now)
    {
        if (!row.Action.IsActivity || row.At < DateTimeOffset.UnixEpoch || row.At > now.AddDays(1))
            yield break;
        var end = row.At + Tolerance + (row.Action == LogAction.AccountLocked ? throttle.Value.MaximumLock : TimeSpan.Zero);
        for (var hour = (row.At - Tolerance).StartOfHour(); hour <= end; hour += TimeSpan.FromHours(1))
            yield return hour;
    }

    // Saves its progress in the account's row, and returns that once it is complete. The second pass reads the newest part again.
    private async Task<Account?> EraseEventsAsync(
        Account account, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var oldest = now - retention.Value.SecurityEventLifetime;
        var start = account.CreatedAt > oldest ? account.CreatedAt : oldest;
        if (account.ErasedBackTo <= start)
            await EraseEventsAsync(account.Id, now, cancellationToken);
        while (account.ErasedBackTo is not { } reached || reached > start)
        {
            if (isOver())
                return null;
            var to = account.ErasedBackTo ?? now;
            await EraseEventsAsync(account.Id, to, cancellationToken);
            await accounts.TryReplaceAsync(account with { ErasedBackTo = to - EventStep }, null, cancellationToken);
            if ((await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account is not { } saved)
                return null;
            account = saved;
        }

        return account;
    }

    private async Task EraseEventsAsync(UserId user, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await foreach (var personal in store.ReadEventsAsync(user, to - EventStep, to, cancellationToken))
            await store.AnonymizeAsync(personal, cancellationToken);
    }

    // Of all days: logins with this email may have failed before it had an account.
    private async Task EraseStatisticsAsync(UserId user, AccountKey key, DateOnly to, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var isDone = true;
            await foreach (var day in statistics.ReadAsync(DateOnly.MinValue, to, cancellationToken))
            {
                if (day.Names(user, key))
                    isDone &= await statistics.TrySaveAsync(day.Without(user, key), day.Version, cancellationToken);
            }

            if (isDone)
                return;
        }
    }
}
