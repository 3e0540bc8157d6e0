using Microsoft.Extensions.Options;
using Serverless.Sessions.Record;

namespace Serverless.Sessions.Accounts;

/// <summary>Keeps count of the failed logins of an email, with their record.</summary>
public sealed class LoginThrottle(
    IAccountStore accounts, ISessionStore sessions, ITimeline timeline, IOptions<ThrottleOptions> options)
{
    /// <summary>A login failed: counts it, logs it and records the activity, all beside each other.</summary>
    internal async Task FailAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var failed = attempt.File.Throttle.Fail(attempt.At, options.Value);
        var entry = new LogEntry
        {
            Action = failed.LockedUntil > attempt.At ? LogAction.AccountLocked : LogAction.Login,
            At = attempt.At,
            Client = attempt.Client,
            Success = false,
            Error = "invalid_credentials",
        };
        await Task.WhenAll(
            SaveAsync(attempt, throttle => throttle.Fail(attempt.At, options.Value), cancellationToken),
            sessions.AppendAsync(attempt.Owner, entry, cancellationToken),
            timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>A login succeeded: forgets the failures before it, if there were any.</summary>
    internal Task SucceedAsync(LoginAttempt attempt, CancellationToken cancellationToken) =>
        attempt.File.Throttle.Failures == 0
            ? Task.CompletedTask
            : SaveAsync(attempt, throttle => throttle.Reset(), cancellationToken);

    // Whoever finds the row changed by another login applies its change to what is there now, so no failure is lost.
    private async Task SaveAsync(LoginAttempt attempt, Func<Throttle, Throttle> change, CancellationToken cancellationToken)
    {
        var throttle = attempt.File.Throttle;
        while (!await accounts.TrySaveAsync(attempt.Key, change(throttle), cancellationToken).ConfigureAwait(false))
            throttle = (await accounts.ReadAsync(attempt.Key, cancellationToken).ConfigureAwait(false)).Throttle;
    }
}

/// <summary>One login as it is being decided.</summary>
/// <param name="Key">The email's key.</param>
/// <param name="File">What storage holds about the email.</param>
/// <param name="Client">From where.</param>
/// <param name="At">When.</param>
internal sealed record LoginAttempt(AccountKey Key, AccountFile File, ClientInfo Client, DateTimeOffset At)
{
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
    };
}
