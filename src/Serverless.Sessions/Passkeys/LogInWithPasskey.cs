namespace Serverless.Sessions.Passkeys;

/// <summary>Logs in with a passkey: it reads the user's passkeys and epoch, then the account, and opens the session in the transaction that
/// uses the challenge and the passkey. Unknown users and credentials cost the same reads, signature and writes as a wrong signature. What
/// locks passwords locks no passkey, since nobody can guess one.</summary>
public sealed class LogInWithPasskey(
    IPasskeyStore passkeys, IAccountStore accounts, AccountFence fence, PasskeyVerifier verifier, LoginCaptcha captcha,
    LoginThrottle throttle, OpenSession openSession, ReportClonedPasskey reportClone, ITimeline timeline,
    KeyRingSource keys, TimeProvider clock)
{
    /// <param name="login">Its credential says whose session it is.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="logsRefusal">Whether a wrong proof in the name of a user goes into the log: whoever knows the id can make up any
    /// number.</param>
    public async Task<StartSessionResult> ExecuteAsync(
        PasskeyLoginRequest login, ClientInfo client, Func<UserId, bool> logsRefusal, CancellationToken cancellationToken)
    {
        var read = await verifier.ReadAsync(
            login.Response, CeremonyPurpose.Login, null, (reader, state) => reader.ReadAssertion(state), cancellationToken);
        if (read.Value is not { } assertion)
            return new StartSessionResult.PasskeyRefused(read.Refusal);
        var answer = new CaptchaAnswer(login.Captcha);
        if (!await captcha.IsPassedAsync(Throttle.Clear, client, answer, cancellationToken))
            return new StartSessionResult.CaptchaRequired();

        var (user, ring) = (assertion.User, await keys.GetAsync(cancellationToken));
        var isReadAgain = false;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var file = await passkeys.ReadAsync(user, cancellationToken);
            if (file.IsUsed(assertion.State.Used))
                return new StartSessionResult.PasskeyRefused(PasskeyRefusal.CeremonyUsed);
            var key = file.Epochs is [var open, ..] ? open.Account : KeyOfNobody(user);
            var stored = await accounts.ReadAsync(key, cancellationToken);
            if (stored.Account?.Id != user)
                stored = stored with { Account = null };
            if (stored.Account is { PendingChange: not null } unfinished)
            {
                await fence.FinishAsync(unfinished);
                continue;
            }

            // It may have moved to another email between the two reads. Unknown users have no epochs, so they cost the same as before.
            if (stored.Account is null or { State: AccountState.Moved } && file.Epochs.Count > 0 && !isReadAgain)
            {
                isReadAgain = true;
                continue;
            }

            var attempt = new LoginAttempt(key, stored, client, clock.Now());
            var passkey = attempt.Account is null ? null : file.Find(assertion.Id);
            var refusal = await verifier.VerifyAsync(assertion, passkey, cancellationToken);
            if (refusal == PasskeyRefusal.Cloned)
                return await RefuseCloneAsync(attempt, assertion, file, passkey!);
            if (refusal is { } refused)
                return await RefuseAsync(refused);

            var admission = await openSession.AdmitAsync(attempt, login.Restore, answer, cancellationToken);
            if (admission.StartsOver)
                continue;
            if (admission.Refusal is { } why)
                return why;
            if (admission.Account is not { } account)
                return await RefuseAsync(PasskeyRefusal.Unknown);

            attempt = admission.Attempt!;
            var proof = new SessionProof(
                new(attempt.At, assertion.MethodsOf(passkey!)), assertion.Use(file, passkey!, attempt.At));
            if (await openSession.TryOpenAsync(account, attempt, login.Remember, proof, ring, cancellationToken) is not { } opened)
                continue;
            await openSession.FollowUpAsync(account, opened.Session, attempt, proof, rehash: null, cancellationToken);
            return openSession.ToResult(opened, attempt, ring);

            async Task<StartSessionResult> RefuseAsync(PasskeyRefusal why)
            {
                if (logsRefusal(user))
                    await throttle.RefuseAsync(attempt, why, cancellationToken);
                else
                    await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin), cancellationToken);
                return new StartSessionResult.PasskeyRefused(why);
            }
        }
    }

    // The read and the entry of a login whose user nobody is cost what somebody's do.
    private static AccountKey KeyOfNobody(UserId user) => new(Digest.HexOf($"passkey of nobody\n{user}"));

    private async Task<StartSessionResult> RefuseCloneAsync(LoginAttempt attempt, Assertion assertion, PasskeyFile file, Passkey passkey)
    {
        var isFirst = await reportClone.ExecuteAsync(attempt, null, assertion.State.Used, file, passkey);
        return new StartSessionResult.PasskeyRefused(isFirst ? PasskeyRefusal.Cloned : PasskeyRefusal.CeremonyUsed);
    }
}

/// <summary><c>Restore</c> restores an account that is closing.</summary>
public sealed record PasskeyLoginRequest(PasskeyResponse Response, bool Remember, CaptchaToken? Captcha = null, bool Restore = false);
