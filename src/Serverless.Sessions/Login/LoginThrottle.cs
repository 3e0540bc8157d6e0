namespace Serverless.Sessions.Login;

public sealed class LoginThrottle(
    IAccountStore accounts, ILogStore log, ITimeline timeline, IOptions<ThrottleOptions> options, TimeProvider clock)
{
    internal async Task<FailedAttempt> FailAsync(LoginAttempt attempt, string error, CancellationToken cancellationToken)
    {
        var throttle = attempt.Stored.Throttle;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var failed = throttle.Fail(attempt.At, attempt.Id, options.Value);
            if (await accounts.TrySaveAsync(attempt.Key, failed, cancellationToken))
                return await RecordAsync(attempt, failed, error, cancellationToken);

            throttle = (await accounts.ReadAsync(attempt.Key, cancellationToken)).Throttle;
            if (throttle.LastFailure == attempt.Id)
                return await RecordAsync(attempt, throttle, error, cancellationToken);

            if (throttle.WaitAt(attempt.At) is { } wait)
            {
                await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin), cancellationToken);
                return new(Locks: false, wait);
            }
        }
    }

    /// <summary>A failure counted concurrently stays.</summary>
    internal Task SucceedAsync(LoginAttempt attempt, CancellationToken cancellationToken) =>
        attempt.Stored.Throttle.Failures == 0
            ? Task.CompletedTask
            : accounts.TrySaveAsync(attempt.Key, attempt.Stored.Throttle.Reset(), cancellationToken);

    /// <summary>Records a login with the right password that is refused. It isn't counted.</summary>
    internal Task RefuseAsync(LoginAttempt attempt, string error, CancellationToken cancellationToken) =>
        RecordAsync(attempt, LogAction.Login, error, locks: false, cancellationToken);

    /// <summary>Records a wrong proof by passkey. It isn't counted, since nobody can guess one.</summary>
    internal Task RefuseAsync(LoginAttempt attempt, PasskeyRefusal refusal, CancellationToken cancellationToken) =>
        RefuseAsync(
            attempt, refusal switch
            {
                PasskeyRefusal.Unknown => "passkey_unknown",
                PasskeyRefusal.ForReview => "passkey_for_review",
                _ => "passkey_invalid",
            }, cancellationToken);

    private async Task<FailedAttempt> RecordAsync(
        LoginAttempt attempt, Throttle failed, string error, CancellationToken cancellationToken)
    {
        var locks = failed.LockedUntil > attempt.At;
        var action = locks ? LogAction.AccountLocked : LogAction.Login;
        await RecordAsync(attempt, action, error, locks, cancellationToken);
        return new(locks, Wait: null);
    }

    private async Task RecordAsync(
        LoginAttempt attempt, LogAction action, string error, bool locks, CancellationToken cancellationToken)
    {
        var entry = new LogEntry(action, attempt.At, Client: attempt.Client, Success: false, Error: error);
        // Activity first: it is the only way retention finds the log of an email without an account.
        await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin) with { Locks = locks }, cancellationToken);
        await log.AppendAsync(attempt.Owner, entry, cancellationToken);
    }
}

/// <summary>The result of a failed login; <c>Wait</c> is how long the lock lasts that others set in the meantime.</summary>
internal readonly record struct FailedAttempt(bool Locks, TimeSpan? Wait);

internal sealed record LoginAttempt(AccountKey Key, StoredAccount Stored, ClientInfo Client, DateTimeOffset At)
{
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Null for one that is being erased: nothing may be written about its user any more.</summary>
    public Account? Account => Stored.Account is { State: not AccountState.Erasing } account ? account : null;
    public DeviceFingerprint? Device => Account is { } account ? DeviceFingerprint.Of(account.Id, Client) : null;
    public bool IsFromNewDevice => Device is { } device && Account!.Devices.IsNew(device);

    /// <summary>The alert topics that this login raises.</summary>
    public AlertTopics Topics =>
        (Findings?.ImpossibleTravel is null ? 0 : AlertTopics.ImpossibleTravel)
        | (Findings?.NewCountry is null ? 0 : AlertTopics.NewCountry)
        | (IsFromNewDevice ? AlertTopics.NewDevice : 0);

    /// <summary>Null if its location says nothing.</summary>
    public LocationFindings? Findings { get; init; }

    public LogOwner Owner => Account is { } account ? LogOwner.Of(account.Id) : LogOwner.Of(Key);

    public Activity ToActivity(ActivityKind kind, Session? session = null) =>
        new(kind, At, IpAddressGroup.Of(Client.IpAddress), Key, Account?.Id, session?.Id)
        {
            System = DeviceName.SystemOf(session?.Client.UserAgent),
            Browser = DeviceName.BrowserOf(session?.Client.UserAgent),
            NewDevice = session is not null && IsFromNewDevice,
            Country = Client.Location?.Country,
            NewCountry = Findings?.NewCountry is not null,
            ImpossibleTravel = Findings?.ImpossibleTravel is not null,
            Change = Findings?.Change,
        };

    public IReadOnlyList<Notice> ToNotices(SessionId session)
    {
        (bool IsTold, NoticeKind Kind)[] kinds =
        [
            (IsFromNewDevice, NoticeKind.NewDevice), (Findings?.NewCountry is not null, NoticeKind.NewCountry),
            (Findings?.ImpossibleTravel is not null, NoticeKind.ImpossibleTravel),
        ];
        return [.. from each in kinds where each.IsTold select new Notice(each.Kind, At, session, Client)];
    }
}

/// <summary>An email's failed logins and their lock. Stored, so they hold across instances, with or without account.
/// <c>Failures</c> counts those since the last successful login; <c>LastFailure</c> is the attempt that failed last, so that it
/// recognizes its own write if the reply was lost; <c>Version</c> is null if there is no row.</summary>
public sealed record Throttle(
    int Failures = 0, DateTimeOffset? LockedUntil = null, DateTimeOffset? LastFailureAt = null, Guid? LastFailure = null,
    RowVersion? Version = null)
{
    public static readonly Throttle Clear = new();
    private static readonly TimeSpan BetweenRefusalsTold = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(24);

    /// <summary>When the user was last told of a login with the right proof that was refused.</summary>
    public DateTimeOffset? RefusalToldAt { get; init; }

    /// <summary>Whether it is as good as none.</summary>
    public bool IsClear => this with { Version = null } == Clear;

    internal bool MayTellRefusal(DateTimeOffset now) => RefusalToldAt is not { } told || now - told >= BetweenRefusalsTold;

    internal bool IsForgottenAt(DateTimeOffset now) => LastFailureAt is not { } last || now - last >= ForgetAfter;

    public TimeSpan? WaitAt(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <summary>Counts a failure. From the limit on, each one doubles the lock; old failures are forgotten.</summary>
    public Throttle Fail(DateTimeOffset now, Guid attempt, ThrottleOptions options)
    {
        if (LastFailureAt is not null && IsForgottenAt(now))
            return Reset().Fail(now, attempt, options);

        // Cap the doublings, which exceed the maximum by then, so that the shift doesn't overflow.
        var doublings = Math.Min(Failures + 1 - options.FailuresBeforeLock, 30);
        var wait = FirstLock * (1 << Math.Max(doublings, 0));
        return this with
        {
            Failures = Failures + 1,
            LastFailureAt = now,
            LastFailure = attempt,
            LockedUntil = doublings >= 0 ? now + (wait < options.MaximumLock ? wait : options.MaximumLock) : LockedUntil,
        };
    }

    public Throttle Reset() => Clear with { Version = Version, RefusalToldAt = RefusalToldAt };
}

public sealed class ThrottleOptions
{
    // OWASP ASVS 2.2.1 allows at most 100 an hour.
    [Setting("how many failures in a row lock the email, at first for 30 seconds; each further one doubles that",
        "honest users are locked out")]
    [Range(3, 100)]
    public int FailuresBeforeLock { get; set; } = 5;

    [Setting("the longest lock", "attackers lock users out on purpose, or guessing is too fast")]
    [Duration("00:00:30", "1.00:00:00")]
    public TimeSpan MaximumLock { get; set; } = TimeSpan.FromMinutes(15);
}
