namespace Serverless.Sessions.Accounts;

/// <summary>Checks that the user of a session is the one who asks: by the password, or without one by the session's last proof, which
/// then has to be by passkey and fresh. A wrong password counts as a failed login, so a stolen access token allows no more guesses
/// than the lock does; unlike a login it asks for no captcha.</summary>
public sealed class CheckOwnPassword(
    IAccountStore accounts, ISessionStore sessions, LoginSerializer serializer, LoginThrottle throttle, PasswordHashing hashing,
    AccountFence fence, ITimeline timeline, SessionPolicies policies, TimeProvider clock)
{
    public async Task<OwnPasswordResult> ExecuteAsync(
        Session session, Password? password, ClientInfo client, CancellationToken cancellationToken)
    {
        using var turn = password is null ? null : await serializer.EnterAsync(session.Email.ToAccountKey(), cancellationToken);
        var now = clock.Now();
        var (key, file) = await accounts.ReadOfAsync(session, cancellationToken);
        // This may retry an interrupted change, whose sessions must end whether or not the password is right.
        if (file.Account is { IsUnfinished: true } unfinished)
            await fence.FinishAsync(unfinished);
        var account = file.Account?.Id == session.UserId ? file.Account : null;
        if (password is not { } given)
        {
            return account is not null && await IsProvedAsync(session, now, cancellationToken)
                ? new OwnPasswordResult.Right(account)
                : new OwnPasswordResult.NotProved();
        }

        var attempt = new LoginAttempt(key, file, client, now);
        if (file.Throttle.WaitAt(now) is { } wait)
        {
            await timeline.RecordAsync(attempt.ToActivity(ActivityKind.FailedLogin), cancellationToken);
            return new OwnPasswordResult.Locked(wait);
        }

        if (await hashing.CheckAsync(account?.PasswordHash, given, cancellationToken) != PasswordCheck.Wrong)
            return new OwnPasswordResult.Right(account!);

        // A guess counts even if the caller hangs up.
        var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, "invalid_credentials", token));
        return failed.Wait is { } lockedMeanwhile
            ? new OwnPasswordResult.Locked(lockedMeanwhile)
            : new OwnPasswordResult.Wrong(failed.Locks);
    }

    // By storage, and after the account was read: a change before that has ended the session by now, and one after it is found by
    // the caller's write.
    private async Task<bool> IsProvedAsync(Session session, DateTimeOffset now, CancellationToken cancellationToken) =>
        await sessions.FindAsync(session.UserId, session.Id, cancellationToken) is { Session: var stored }
        && stored.EndingAt(now) is null && stored.Authentication.IsByPasskey
        && now - stored.Authentication.At <= policies.Of(stored).PasskeyProofAge;
}

public abstract record OwnPasswordResult
{
    private OwnPasswordResult() { }

    public sealed record Right(Account Account) : OwnPasswordResult;
    public sealed record Wrong(bool Locks) : OwnPasswordResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : OwnPasswordResult;

    /// <summary>There was no password, and the session has ended, or no fresh proof by passkey.</summary>
    public sealed record NotProved : OwnPasswordResult;
}
