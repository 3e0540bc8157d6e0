namespace Serverless.Sessions.Login;

/// <summary>Lets the user of a session prove again who they are. The refresh token stays valid: its next refresh finds the row
/// changed, reads it, and has the new claims.</summary>
public sealed class StepUp(
    CheckOwnPassword checkPassword, IAccountStore accounts, IPasskeyStore passkeys, PasskeyVerifier verifier,
    ReportClonedPasskey reportClone, LoginThrottle throttle, ISessionStore sessions, SessionCache cache, KeyRingSource keys,
    IOptions<TokenOptions> tokenOptions, TimeProvider clock)
{
    public async Task<StepUpResult> ExecuteAsync(
        Session session, Password password, ClientInfo client, CancellationToken cancellationToken) =>
        await checkPassword.ExecuteAsync(session, password, client, cancellationToken) switch
        {
            OwnPasswordResult.Right => await ReauthenticateAsync(
                session, (now, _) => Task.FromResult<Checked<SessionProof>>(new SessionProof(new(now, AuthenticationMethods.Password))),
                client, cancellationToken),
            OwnPasswordResult.Wrong wrong => new StepUpResult.WrongPassword(wrong.Locks),
            OwnPasswordResult.Locked locked => new StepUpResult.Locked(locked.Wait),
            _ => throw new UnreachableException(),
        };

    /// <param name="session">That asked for the options.</param>
    /// <param name="response">What the browser made.</param>
    /// <param name="client">Where it comes from.</param>
    public async Task<StepUpResult> ExecuteAsync(
        Session session, PasskeyResponse response, ClientInfo client, CancellationToken cancellationToken)
    {
        var read = await verifier.ReadAsync(
            response, CeremonyPurpose.StepUp, session, (reader, state) => reader.ReadAssertion(state), cancellationToken);
        return read.Value is { } assertion
            ? await ReauthenticateAsync(
                session, (now, token) => VerifyAsync(session, assertion, client, now, token), client, cancellationToken)
            : new StepUpResult.Refused(read.Refusal);
    }

    private async Task<Checked<SessionProof>> VerifyAsync(
        Session session, Assertion assertion, ClientInfo client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var file = await passkeys.ReadAsync(session.UserId, cancellationToken);
        if (file.IsUsed(assertion.State.Used))
            return PasskeyRefusal.CeremonyUsed;
        var passkey = file.Find(assertion.Id);
        if (await verifier.VerifyAsync(assertion, passkey, cancellationToken) is not { } refusal)
            return new SessionProof(new(now, assertion.MethodsOf(passkey!)), assertion.Use(file, passkey!, now));

        var (key, stored) = await accounts.ReadOfAsync(session, cancellationToken);
        var attempt = new LoginAttempt(key, stored, client, now);
        // The account is gone, and the session with it.
        if (attempt.Account?.Id != session.UserId)
            return refusal;
        if (refusal == PasskeyRefusal.Cloned)
        {
            return await reportClone.ExecuteAsync(attempt, session.Id, assertion.State.Used, file, passkey!)
                ? refusal : PasskeyRefusal.CeremonyUsed;
        }

        await throttle.RefuseAsync(attempt, refusal, cancellationToken);
        return refusal;
    }

    // A passkey is verified again on each try, since it may have been used or removed meanwhile.
    private async Task<StepUpResult> ReauthenticateAsync(
        Session session, Func<DateTimeOffset, CancellationToken, Task<Checked<SessionProof>>> verifyAsync, ClientInfo client,
        CancellationToken cancellationToken)
    {
        try
        {
            for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
            {
                var now = clock.Now();
                if (await sessions.FindAsync(session.UserId, session.Id, cancellationToken) is not { } stored)
                    return new StepUpResult.Ended(EndReason.Unknown);
                if (stored.Session.EndingAt(now) is { } over)
                    return new StepUpResult.Ended(over.Reason);
                var verified = await verifyAsync(now, cancellationToken);
                if (verified.Value is not { } proof)
                    return new StepUpResult.Refused(verified.Refusal);
                if (await TryStoreAsync(stored, proof, client, cancellationToken) is { } proved)
                    return proved;
            }
        }
        finally
        {
            // Another instance may have ended it; the next answer must not contradict this one.
            cache.Drop(session.Id);
        }
    }

    /// <summary>Returns null if the session or the passkey has changed since it was read.</summary>
    private async Task<StepUpResult.Proved?> TryStoreAsync(
        StoredSession stored, SessionProof proof, ClientInfo client, CancellationToken cancellationToken)
    {
        var (session, now, ring) = (stored.Session, proof.Authentication.At, await keys.GetAsync(cancellationToken));
        var unchained = new LogEntry(LogAction.SteppedUp, now, session.Id, client) { Methods = proof.Authentication.Methods };
        var entry = AuditChain.Append(session.Audit, unchained, session.UserId, ring.AuditKeyAt(now));
        var proved = session with { Authentication = proof.Authentication, Audit = entry.Head };
        if (!await sessions.TryStepUpAsync(proved, stored.Version, entry, proof.Passkey, cancellationToken))
            return null;
        var access = AccessToken.For(proved.ToRefreshToken(stored.Version, now), now, tokenOptions.Value);
        return new(access, AccessTokenCodec.Write(access, ring, tokenOptions.Value, now));
    }
}

public abstract record StepUpResult
{
    private StepUpResult() { }

    public sealed record Proved(AccessToken Access, string AccessText) : StepUpResult
    {
        public override string ToString() => $"[access token of session {Access.SessionId}]";
    }

    public sealed record WrongPassword(bool Locks) : StepUpResult;
    public sealed record Refused(PasskeyRefusal Refusal) : StepUpResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : StepUpResult;
    public sealed record Ended(EndReason Reason) : StepUpResult;
}

public sealed class StepUpOptions
{
    public static readonly TimeSpan DefaultMaximumAge = TimeSpan.FromMinutes(15);

    [Setting("how long ago the user may have logged in or stepped up for what adds power or gives data away, such as an export or "
        + "a change by an administrator; 00:00:00 asks for nothing, and for 15 minutes where a passkey replaces the user's password",
        "users are asked too often, or an unattended page can do too much")]
    [Duration("00:00:00", "1.00:00:00")]
    public TimeSpan MaximumAge { get; set; } = DefaultMaximumAge;
}
