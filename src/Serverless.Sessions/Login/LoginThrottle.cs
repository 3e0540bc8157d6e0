using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;

namespace Serverless.Sessions.Login;

/// <summary>Keeps count of the failed logins of an email, with their record, and has its attempts follow one another.</summary>
public sealed class LoginThrottle(
    IAccountStore accounts, ILogStore log, ITimeline timeline, LoginSerializer gate, IOptions<ThrottleOptions> options, TimeProvider clock)
{
    /// <summary>Begins an attempt: from before the throttle is read until its failure is recorded, this instance has no other
    /// for the email. Over several instances each has at most one under way.</summary>
    /// <exception cref="ServiceBusyException">Too many are before it.</exception>
    internal Task<IDisposable> BeginAsync(AccountKey key, CancellationToken cancellationToken) => gate.EnterAsync(key, cancellationToken);

    /// <summary>A login failed: counts it, and records it by what the count made of it.</summary>
    /// <returns>Whether it locked the email; and how long to wait, where others locked it while this login was being decided and
    /// the failure doesn't count once more.</returns>
    internal async Task<FailedAttempt> FailAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var throttle = attempt.File.Throttle;
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

    /// <summary>A login succeeded: forgets the failures before it, if there were any. Should another login fail at the same
    /// time, its count stays.</summary>
    internal Task SucceedAsync(LoginAttempt attempt, CancellationToken cancellationToken) =>
        attempt.File.Throttle.Failures == 0
            ? Task.CompletedTask
            : accounts.TrySaveAsync(attempt.Key, attempt.File.Throttle.Reset(), cancellationToken);

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
        // The activity first: retention finds the log of an email without account by it, and by nothing else.
        await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin) with { Locks = locks }, cancellationToken);
        await log.AppendAsync(attempt.Owner, entry, cancellationToken);
        return new(locks, Wait: null);
    }
}

/// <summary>What a failure made of its email.</summary>
/// <param name="Locks">Whether it locked the email.</param>
/// <param name="Wait">How long the lock lasts that others set meanwhile; null where none did.</param>
internal readonly record struct FailedAttempt(bool Locks, TimeSpan? Wait);

/// <summary>One login as it is being decided.</summary>
/// <param name="Key">The email's key.</param>
/// <param name="File">What storage holds about the email.</param>
/// <param name="Client">From where.</param>
internal sealed record LoginAttempt(AccountKey Key, AccountFile File, ClientInfo Client, DateTimeOffset At)
{
    /// <summary>Its identity.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The device that it comes from, as its account would know it; null where there is no account.</summary>
    public DeviceFingerprint? Device => File.Account is { } account ? DeviceFingerprint.Of(account.Id, Client) : null;

    /// <summary>Whether that is another device than those that the account knows.</summary>
    public bool IsFromNewDevice => Device is { } device && File.Account!.Devices.IsNew(device);

    /// <summary>Whose log it goes to.</summary>
    public LogOwner Owner => File.Account is { } account ? LogOwner.Of(account.Id) : LogOwner.Of(Key);

    public Activity ToActivity(ActivityKind kind, Session? session = null) => new()
    {
        Kind = kind,
        At = At,
        AddressGroup = IpAddressGroup.Of(Client.IpAddress),
        AccountKey = Key,
        UserId = File.Account?.Id,
        SessionId = session?.Id,
        System = DeviceName.SystemOf(session?.Client.UserAgent),
        Browser = DeviceName.BrowserOf(session?.Client.UserAgent),
        NewDevice = session is not null && IsFromNewDevice,
    };
}
