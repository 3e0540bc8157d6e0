namespace Serverless.Sessions.Login;

/// <summary>Counts and records the failed logins of an email.</summary>
public sealed class LoginThrottle(
    IAccountStore accounts, ILogStore log, ITimeline timeline, IOptions<ThrottleOptions> options, TimeProvider clock)
{
    internal async Task<FailedAttempt> FailAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var throttle = attempt.Stored.Throttle;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var failed = throttle.Fail(attempt.At, attempt.Id, options.Value);
            if (await accounts.TrySaveAsync(attempt.Key, failed, cancellationToken))
                return await RecordAsync(attempt, failed, cancellationToken);

            throttle = (await accounts.ReadAsync(attempt.Key, cancellationToken)).Throttle;
            if (throttle.LastFailure == attempt.Id)
                return await RecordAsync(attempt, throttle, cancellationToken);

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

    private async Task<FailedAttempt> RecordAsync(LoginAttempt attempt, Throttle failed, CancellationToken cancellationToken)
    {
        var locks = failed.LockedUntil > attempt.At;
        var entry = new LogEntry
        {
            Action = locks ? LogAction.AccountLocked : LogAction.Login,
            At = attempt.At,
            Client = attempt.Client,
            Success = false,
            Error = "invalid_credentials",
        };
        // Activity first: it is the only way retention finds the log of an email without an account.
        await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin) with { Locks = locks }, cancellationToken);
        await log.AppendAsync(attempt.Owner, entry, cancellationToken);
        return new(locks, Wait: null);
    }
}

/// <summary>The result of a failed login; <c>Wait</c> is how long the lock lasts that others set in the meantime.</summary>
internal readonly record struct FailedAttempt(bool Locks, TimeSpan? Wait);

internal sealed record LoginAttempt(AccountKey Key, StoredAccount Stored, ClientInfo Client, DateTimeOffset At)
{
    public Guid Id { get; } = Guid.NewGuid();
    public DeviceFingerprint? Device => Stored.Account is { } account ? DeviceFingerprint.Of(account.Id, Client) : null;
    public bool IsFromNewDevice => Device is { } device && Stored.Account!.Devices.IsNew(device);
    public LogOwner Owner => Stored.Account is { } account ? LogOwner.Of(account.Id) : LogOwner.Of(Key);

    public Activity ToActivity(ActivityKind kind, Session? session = null) => new()
    {
        Kind = kind,
        At = At,
        AddressGroup = IpAddressGroup.Of(Client.IpAddress),
        AccountKey = Key,
        UserId = Stored.Account?.Id,
        SessionId = session?.Id,
        System = DeviceName.SystemOf(session?.Client.UserAgent),
        Browser = DeviceName.BrowserOf(session?.Client.UserAgent),
        NewDevice = session is not null && IsFromNewDevice,
    };
}
