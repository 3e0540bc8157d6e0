namespace Serverless.Sessions.Login;

/// <summary>What follows when somebody proved to be the user of an account, in whatever way: whether the account opens a session, the
/// session, and what is done after it.</summary>
public sealed class OpenSession(
    IAccountStore accounts, ISessionStore sessions, ITimeline timeline, LoginThrottle throttle, EvictSessions evictSessions,
    RestoreAccount restoreAccount, CheckLoginLocation checkLocation, PushAlerts pushAlerts, AlertMails alertMails, AccountOutbox outbox,
    IOptions<AccountOptions> accountOptions, SessionPolicies policies, IOptions<TokenOptions> tokenOptions, ILogger<OpenSession> log)
{
    /// <summary>Records a refusal, and restores an account that is closing if its user asks for it.</summary>
    internal async Task<Admission> AdmitAsync(
        LoginAttempt attempt, bool restore, CaptchaAnswer answer, CancellationToken cancellationToken)
    {
        var account = attempt.Stored.Account;
        if (accountOptions.Value.VerifyEmail && account is { State: AccountState.Active, EmailVerifiedAt: null })
        {
            await throttle.RefuseAsync(attempt, "email_not_verified", cancellationToken);
            return new(Refusal: new StartSessionResult.EmailNotVerified());
        }

        if (account?.IsRestorableAt(attempt.At) != true)
        {
            if (account is not { State: AccountState.Active })
                return default;
            var (found, refusal) = await checkLocation.ExecuteAsync(account, attempt, answer, cancellationToken);
            return new(account, refusal, Attempt: found);
        }

        if (restore)
        {
            // Who is refused restores nothing.
            if ((await checkLocation.ExecuteAsync(account, attempt, answer, cancellationToken)).Refusal is { } refused)
                return new(Refusal: refused);
            await restoreAccount.ExecuteAsync(account, attempt.Client, cancellationToken);
            return new(StartsOver: true);
        }

        await throttle.RefuseAsync(attempt, "account_closing", cancellationToken);
        return new(Refusal: new StartSessionResult.AccountClosing(account.EraseAt!.Value));
    }

    /// <summary>Returns null if the epoch is closed, or the passkey or its challenge was used meanwhile.</summary>
    internal async Task<StoredSession?> TryOpenAsync(
        Account account, LoginAttempt attempt, bool remember, SessionProof proof, KeyRing ring, CancellationToken cancellationToken)
    {
        var started = Session.Start(account, attempt.Client, remember, attempt.At, policies) with
        {
            Authentication = attempt.Findings?.ExpiresProof == true ? proof.Authentication.Expire() : proof.Authentication,
            Places = attempt.Client.Location is { } location ? account.Places.With(location.Country, attempt.At) : account.Places,
        };
        var (session, entry) = AuditChain.Begin(started, ring.AuditKeyAt(attempt.At));
        var alert = AlertKind.OfLogin(attempt.Topics) is { } kind
            ? Alert.Of(kind, account.Id, entry) with { Topics = attempt.Topics } : null;
        await Task.WhenAll(
            timeline.ScheduleExpiryAsync(new(account.Id, session.Id, session.ExpiresAt), cancellationToken),
            pushAlerts.ScheduleAsync(alert, cancellationToken));
        var activity = RecordAsync(attempt.ToActivity(ActivityKind.Login, session), cancellationToken);
        var notices = attempt.ToNotices(session.Id);
        var version = sessions.TryOpenAsync(session, account.Epoch, entry, notices, proof.Passkey, cancellationToken);
        await Task.WhenAll(version, activity);
        if (await version is not { } opened)
            return null;
        pushAlerts.Post(alert);
        return new(session, opened);
    }

    /// <summary>The session is open and the caller gets it, so a failure leaves the rest to the next login.</summary>
    internal async Task FollowUpAsync(
        Account account, Session session, LoginAttempt attempt, SessionProof proof, Func<Task<PasswordHash?>>? rehash,
        CancellationToken cancellationToken)
    {
        try
        {
            // A passkey says nothing about whoever guesses passwords.
            if (proof.Passkey is null)
                await throttle.SucceedAsync(attempt, cancellationToken);
            await evictSessions.ExecuteAsync(session, attempt.Client, cancellationToken);
            var known = attempt.Device is { } device ? account with { Devices = account.Devices.With(device) } : account;
            if (attempt.Client.Location is { } location)
                known = known.With(location, attempt.At);
            if (rehash is not null)
                known = known with { PasswordHash = await rehash() };
            // Only if the account is unchanged; otherwise the next login does it, and the device is new once more.
            var mail = alertMails.Of(AlertKind.OfLogin(attempt.Topics), attempt.Topics, account, attempt.Client);
            if (known != account || mail is not null)
                await ReplaceAsync(known, mail is null ? null : new(Mail: mail), cancellationToken);
        }
        catch (Exception exception) when (exception is StorageUnavailableException or ServiceBusyException)
        {
            log.LeftForNextLogin(exception.Message);
        }
    }

    internal StartSessionResult ToResult(StoredSession opened, LoginAttempt attempt, KeyRing ring) => new StartSessionResult.Started(
        opened.Session,
        IssuedTokens.Issue(opened.Session.ToRefreshToken(opened.Version, attempt.At), ring, tokenOptions.Value, attempt.At));

    private async Task ReplaceAsync(Account known, AccountWrites? along, CancellationToken cancellationToken)
    {
        var key = known.Email.ToAccountKey();
        await outbox.ScheduleAsync(key, along, cancellationToken);
        if (await accounts.TryReplaceAsync(known, along, cancellationToken))
            outbox.Post(key, along);
    }

    // A failure here isn't worth losing an open session whose tokens the caller would never see.
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
}

/// <summary>The account, if it opens sessions, and the attempt with what its location says; or why not, if its user may know; or that it
/// was restored, and has to be read again.</summary>
internal readonly record struct Admission(
    Account? Account = null, StartSessionResult? Refusal = null, bool StartsOver = false, LoginAttempt? Attempt = null);

/// <summary>How the user of a session proved who they are, and the passkey that is used by it.</summary>
internal sealed record SessionProof(Authentication Authentication, PasskeyUse? Passkey = null);
