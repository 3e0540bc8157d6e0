using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Login;

/// <summary>
/// Login. The order of writes makes a crash harmless: the expiry first (an expiry without a session is dropped when its hour
/// comes), then session and log entry in one transaction. A wrong password and an unknown email cost the same reads, the same
/// hash and the same writes.
/// </summary>
public sealed class StartSession(
    IAccountStore accounts,
    ISessionStore sessions,
    ITimeline timeline,
    PasswordHashing hashing,
    LoginThrottle throttle,
    AccountFence fence,
    LoginCaptcha captcha,
    EvictSessions evictSessions,
    KeyRingSource keys,
    IOptions<SessionOptions> sessionOptions,
    IOptions<TokenOptions> tokenOptions,
    TimeProvider clock,
    ILogger<StartSession> log)
{
    /// <summary>Logs in.</summary>
    /// <param name="login">Who, with which password.</param>
    /// <param name="client">From where.</param>
    public async Task<StartSessionResult> ExecuteAsync(LoginRequest login, ClientInfo client, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var key = login.Email.ToAccountKey();
        Ulid? closedEpoch = null;
        var captchaPassed = false;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            LoginAttempt attempt;
            PasswordCheck check;
            Account account;
            using (await throttle.BeginAsync(key, cancellationToken))
            {
                var file = await accounts.ReadAsync(key, cancellationToken);
                if (file.Account is { PendingChange: not null } unfinished)
                {
                    await fence.FinishAsync(unfinished);
                    continue;
                }

                attempt = new(key, file, client, clock.Now());
                if (file.Throttle.WaitAt(attempt.At) is { } wait)
                {
                    await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin), cancellationToken);
                    return new StartSessionResult.Locked(wait);
                }

                // A captcha counts once, so it isn't checked again when the account has changed. Nothing was tried yet: nothing is counted.
                captchaPassed = captchaPassed
                    || await captcha.IsPassedAsync(file.Throttle, client, login.Captcha, cancellationToken);
                if (!captchaPassed)
                    return new StartSessionResult.CaptchaRequired();

                check = await hashing.CheckAsync(file.Account?.PasswordHash, login.Password, cancellationToken);
                if (check == PasswordCheck.Wrong || file.Account is not { State: AccountState.Active } active)
                {
                    // Whoever hangs up has guessed all the same.
                    var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, token));
                    return failed.Wait is { } lockedMeanwhile
                        ? new StartSessionResult.Locked(lockedMeanwhile)
                        : new StartSessionResult.InvalidCredentials(failed.Locks);
                }

                account = active;
            }

            if (account.Epoch == closedEpoch)
                throw new StorageUnavailableException("An account names an epoch that isn't open.");
            if (await TryOpenAsync(account, attempt, login.Remember, ring, cancellationToken) is not { } opened)
            {
                // The account changed under the login: read it again and decide anew.
                closedEpoch = account.Epoch;
                continue;
            }

            await FollowUpAsync(account, opened.Session, attempt, check, login.Password, cancellationToken);
            var token = opened.Session.ToRefreshToken(opened.Version, attempt.At);
            return new StartSessionResult.Started(
                opened.Session, IssuedTokens.Issue(token, ring, tokenOptions.Value, attempt.At));
        }
    }

    private async Task<StoredSession?> TryOpenAsync(
        Account account, LoginAttempt attempt, bool remember, KeyRing ring, CancellationToken cancellationToken)
    {
        var started = Session.Start(account, attempt.Client, remember, attempt.At, sessionOptions.Value);
        var (session, entry) = AuditChain.Begin(started, ring.AuditKeyAt(attempt.At));
        await timeline.ScheduleExpiryAsync(new(account.Id, session.Id, session.ExpiresAt), cancellationToken);
        var activity = RecordAsync(attempt.ToActivity(ActivityKind.Login, session), cancellationToken);
        var notice = attempt.IsFromNewDevice ? new Notice(NoticeKind.NewDevice, attempt.At, session.Id, attempt.Client) : null;
        var version = sessions.TryOpenAsync(session, account.Epoch, entry, notice, cancellationToken);
        await Task.WhenAll(version, activity);
        return await version is { } opened ? new(session, opened) : null;
    }

    // It isn't worth a session that is open, and whose tokens the caller would never see.
    private async Task RecordAsync(Activity activity, CancellationToken cancellationToken)
    {
        try
        {
            await timeline.RecordAsync(activity, cancellationToken);
        }
        catch (StorageUnavailableException exception)
        {
            log.ActivityNotRecorded(exception.Message);
        }
    }

    // The session is open and the caller gets it: what can't be done now is left to the next login.
    private async Task FollowUpAsync(
        Account account, Session session, LoginAttempt attempt, PasswordCheck check, Password password, CancellationToken cancellationToken)
    {
        try
        {
            await throttle.SucceedAsync(attempt, cancellationToken);
            await evictSessions.ExecuteAsync(account.Id, session.Id, attempt.Client, cancellationToken);
            var known = attempt.Device is { } device ? account with { Devices = account.Devices.With(device) } : account;
            if (check == PasswordCheck.SuccessRehashNeeded)
                known = known with { PasswordHash = await hashing.HashAsync(password, cancellationToken) };
            // Only in the state that the login saw: where the account has changed meanwhile, the next login does it, and until then
            // the device is a new one once more.
            if (known != account)
                await accounts.TryReplaceAsync(known, cancellationToken);
        }
        catch (Exception exception) when (exception is StorageUnavailableException or ServiceBusyException)
        {
            log.LeftForNextLogin(exception.Message);
        }
    }
}

/// <summary>Who wants to log in.</summary>
/// <param name="Email">The email.</param>
/// <param name="Password">The password as typed.</param>
/// <param name="Remember">Whether to stay logged in for weeks.</param>
/// <param name="Captcha">The captcha that was solved for it, if any.</param>
public sealed record LoginRequest(Email Email, Password Password, bool Remember, CaptchaToken? Captcha = null);

/// <summary>What became of a login.</summary>
public abstract record StartSessionResult
{
    private StartSessionResult()
    {
    }

    /// <summary>Logged in.</summary>
    /// <param name="Session">The new session.</param>
    /// <param name="Tokens">Its first tokens.</param>
    public sealed record Started(Session Session, IssuedTokens Tokens) : StartSessionResult;

    /// <summary>No such account, a wrong password, or a disabled account: the caller isn't told which.</summary>
    /// <param name="Locks">Whether this failure locked the email.</param>
    public sealed record InvalidCredentials(bool Locks) : StartSessionResult;

    /// <summary>The login needs a captcha and brought none, or one that the provider refused; the password wasn't looked at.</summary>
    public sealed record CaptchaRequired : StartSessionResult;

    /// <summary>Too many failures; the password wasn't looked at, or others locked the email meanwhile.</summary>
    /// <param name="Wait">How long until the next try.</param>
    public sealed record Locked(TimeSpan Wait) : StartSessionResult;
}
