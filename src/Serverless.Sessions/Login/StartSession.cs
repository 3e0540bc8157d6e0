namespace Serverless.Sessions.Login;

/// <summary>Logs in. The expiry is written first, then session and log entry in one transaction, so a crash is harmless. Wrong
/// passwords and unknown emails cost the same reads, hash and writes.</summary>
public sealed class StartSession(
    IAccountStore accounts, IEpochStore epochs, ISessionStore sessions, ITimeline timeline, PasswordHashing hashing,
    LoginSerializer serializer, LoginThrottle throttle, AccountFence fence, LoginCaptcha captcha, EvictSessions evictSessions,
    RestoreAccount restoreAccount, KeyRingSource keys, IOptions<AccountOptions> accountOptions, IOptions<SessionOptions> sessionOptions,
    IOptions<TokenOptions> tokenOptions, TimeProvider clock, ILogger<StartSession> log)
{
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
            using (await serializer.EnterAsync(key, cancellationToken))
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

                // A captcha token is valid once, so retries don't check it again. No password was checked, so nothing is counted.
                captchaPassed = captchaPassed
                    || await captcha.IsPassedAsync(file.Throttle, client, login.Captcha, cancellationToken);
                if (!captchaPassed)
                    return new StartSessionResult.CaptchaRequired();

                check = await hashing.CheckAsync(file.Account?.PasswordHash, login.Password, cancellationToken);
                if (await IsUnverifiedAsync(attempt, check, login.Password, cancellationToken))
                {
                    await throttle.RefuseAsync(attempt, "email_not_verified", cancellationToken);
                    return new StartSessionResult.EmailNotVerified();
                }

                if (check != PasswordCheck.Wrong && file.Account is { } closing && closing.IsRestorableAt(attempt.At))
                {
                    if (login.Restore)
                    {
                        await restoreAccount.ExecuteAsync(closing, client, cancellationToken);
                        continue;
                    }

                    await throttle.RefuseAsync(attempt, "account_closing", cancellationToken);
                    return new StartSessionResult.AccountClosing(closing.EraseAt!.Value);
                }

                if (check == PasswordCheck.Wrong || file.Account is not { State: AccountState.Active } active)
                {
                    // A guess counts even if the caller hangs up.
                    var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, token));
                    return failed.Wait is { } lockedMeanwhile
                        ? new StartSessionResult.Locked(lockedMeanwhile)
                        : new StartSessionResult.InvalidCredentials(failed.Locks);
                }

                account = active;
            }

            if (account.Epoch == closedEpoch)
            {
                await FinishMoveAsync(account, cancellationToken);
                continue;
            }

            if (await TryOpenAsync(account, attempt, login.Remember, ring, cancellationToken) is not { } opened)
            {
                closedEpoch = account.Epoch;
                continue;
            }

            await FollowUpAsync(account, opened.Session, attempt, check, login.Password, cancellationToken);
            var token = opened.Session.ToRefreshToken(opened.Version, attempt.At);
            return new StartSessionResult.Started(
                opened.Session, IssuedTokens.Issue(token, ring, tokenOptions.Value, attempt.At));
        }
    }

    // The password of a registration counts with or without an account, so that nobody can tell. It is checked after the account's,
    // which costs the same for an account that doesn't exist.
    private async Task<bool> IsUnverifiedAsync(
        LoginAttempt attempt, PasswordCheck check, Password password, CancellationToken cancellationToken)
    {
        if (!accountOptions.Value.VerifyEmail)
            return false;
        if (check != PasswordCheck.Wrong)
            return attempt.Stored.Account is { State: AccountState.Active, EmailVerifiedAt: null };
        return attempt.Stored.Verify is { Registration: { } registration, RegistrationUntil: { } until } && until > attempt.At
            && await hashing.CheckAsync(registration, password, cancellationToken) != PasswordCheck.Wrong;
    }

    // An epoch is closed with the account unchanged only while the account moves to another address.
    private async Task FinishMoveAsync(Account account, CancellationToken cancellationToken)
    {
        var key = await epochs.FindAccountKeyAsync(account.Id, cancellationToken);
        if (key is not { } moved || moved == account.Email.ToAccountKey())
            throw new StorageUnavailableException("An account names an epoch that isn't open.");
        if ((await accounts.ReadAsync(moved, cancellationToken)).Account is { } there)
            await fence.FinishAsync(there);
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

    // The session is open and the caller gets it, so a failure leaves the rest to the next login.
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
            // Only if the account is unchanged; otherwise the next login does it, and the device is new once more.
            if (known != account)
                await accounts.TryReplaceAsync(known, null, cancellationToken);
        }
        catch (Exception exception) when (exception is StorageUnavailableException or ServiceBusyException)
        {
            log.LeftForNextLogin(exception.Message);
        }
    }
}

/// <summary><c>Restore</c> restores an account that is closing.</summary>
public sealed record LoginRequest(
    Email Email, Password Password, bool Remember, CaptchaToken? Captcha = null, bool Restore = false);

public abstract record StartSessionResult
{
    private StartSessionResult() { }

    public sealed record Started(Session Session, IssuedTokens Tokens) : StartSessionResult;
    public sealed record CaptchaRequired : StartSessionResult;

    /// <summary>The password is right, and the address has to be verified first.</summary>
    public sealed record EmailNotVerified : StartSessionResult;

    /// <summary>The password is right, and the account was closed; until then it can be restored.</summary>
    public sealed record AccountClosing(DateTimeOffset Until) : StartSessionResult;

    /// <summary>Unknown email, wrong password or disabled account: the caller isn't told which.</summary>
    public sealed record InvalidCredentials(bool Locks) : StartSessionResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : StartSessionResult;
}
