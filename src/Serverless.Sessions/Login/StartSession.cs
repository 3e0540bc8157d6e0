namespace Serverless.Sessions.Login;

/// <summary>Logs in. The expiry is written first, then session and log entry in one transaction, so a crash is harmless. Wrong
/// passwords and unknown emails cost the same reads, hash and writes.</summary>
public sealed class StartSession(
    IAccountStore accounts, IEpochStore epochs, ITimeline timeline, PasswordHashing hashing, LoginSerializer serializer,
    LoginThrottle throttle, AccountFence fence, LoginCaptcha captcha, OpenSession openSession, KeyRingSource keys,
    IOptions<AccountOptions> accountOptions, TimeProvider clock)
{
    public async Task<StartSessionResult> ExecuteAsync(LoginRequest login, ClientInfo client, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var key = login.Email.ToAccountKey();
        Ulid? closedEpoch = null;
        var answer = new CaptchaAnswer(login.Captcha);
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

                // No password was checked, so nothing is counted.
                if (!await captcha.IsPassedAsync(file.Throttle, client, answer, cancellationToken))
                    return new StartSessionResult.CaptchaRequired();

                check = await hashing.CheckAsync(file.Account?.PasswordHash, login.Password, cancellationToken);
                var isOfRegistration = check == PasswordCheck.Wrong && await IsOfRegistrationAsync(attempt, login.Password);
                var admission = check == PasswordCheck.Wrong ? default
                    : await openSession.AdmitAsync(attempt, login.Restore, answer, cancellationToken);
                if (admission.StartsOver)
                    continue;
                if (admission.Refusal is { } refusal)
                    return refusal;
                if (admission.Account is not { } admitted)
                {
                    // A guess counts even if the caller hangs up.
                    var error = isOfRegistration ? "email_not_verified" : "invalid_credentials";
                    var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, error, token));
                    if (failed.Wait is { } lockedMeanwhile)
                        return new StartSessionResult.Locked(lockedMeanwhile);
                    var wrong = new StartSessionResult.InvalidCredentials(failed.Locks);
                    return isOfRegistration ? new StartSessionResult.EmailNotVerified(wrong) : wrong;
                }

                (account, attempt) = (admitted, admission.Attempt!);
            }

            if (account.Epoch == closedEpoch)
            {
                await FinishMoveAsync(account, cancellationToken);
                continue;
            }

            var proof = new SessionProof(new(attempt.At, AuthenticationMethods.Password));
            if (await openSession.TryOpenAsync(account, attempt, login.Remember, proof, ring, cancellationToken) is not { } opened)
            {
                closedEpoch = account.Epoch;
                continue;
            }

            Func<Task<PasswordHash?>>? rehash = check != PasswordCheck.SuccessRehashNeeded ? null
                : async () => await hashing.HashAsync(login.Password, cancellationToken);
            await openSession.FollowUpAsync(account, opened.Session, attempt, proof, rehash, cancellationToken);
            return openSession.ToResult(opened, attempt, ring);
        }
    }

    // The password of a registration counts with or without an account, so that nobody can tell. It is checked after the account's,
    // which costs the same for an account that doesn't exist. Neither a caller who hangs up, a lack of cores nor an unknown hash stops it:
    // the guess at the account's was wrong, and has to be counted. A right one counts, too, since anybody can register any email.
    private async Task<bool> IsOfRegistrationAsync(LoginAttempt attempt, Password password)
    {
        if (!accountOptions.Value.VerifyEmail
            || attempt.Stored.Verify is not { Registration: { } registration, RegistrationUntil: { } until } || until <= attempt.At)
        {
            return false;
        }

        try
        {
            return await Detached.RunAsync(clock, token => hashing.CheckAsync(registration, password, token)) != PasswordCheck.Wrong;
        }
        catch (Exception exception) when (exception is ServiceBusyException or StorageUnavailableException { IsOneRow: true })
        {
            return false;
        }
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
}

/// <summary><c>Restore</c> restores an account that is closing.</summary>
public sealed record LoginRequest(
    Email Email, Password Password, bool Remember, CaptchaToken? Captcha = null, bool Restore = false);

public abstract record StartSessionResult
{
    private StartSessionResult() { }

    public sealed record Started(Session Session, IssuedTokens Tokens) : StartSessionResult;
    public sealed record CaptchaRequired : StartSessionResult;

    /// <summary>The address has to be verified first: the proof is right, or <paramref name="Failed"/>, as it is that of a registration
    /// and counts as a failed login.</summary>
    public sealed record EmailNotVerified(InvalidCredentials? Failed = null) : StartSessionResult;

    /// <summary>The proof is right, and a rule about locations refuses it.</summary>
    public sealed record LocationRefused : StartSessionResult;

    public sealed record PasskeyRefused(PasskeyRefusal Refusal) : StartSessionResult;

    /// <summary>The proof is right, and the account was closed; until then it can be restored.</summary>
    public sealed record AccountClosing(DateTimeOffset Until) : StartSessionResult;

    /// <summary>Unknown email, wrong password or disabled account: the caller isn't told which.</summary>
    public sealed record InvalidCredentials(bool Locks) : StartSessionResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : StartSessionResult;
}
