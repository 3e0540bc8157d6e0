namespace Serverless.Sessions.Accounts;

/// <summary>Checks the password of a user who is logged in. A wrong one counts as a failed login, so a stolen access token allows no
/// more guesses than the login does.</summary>
public sealed class CheckOwnPassword(
    IAccountStore accounts, LoginSerializer serializer, LoginThrottle throttle, PasswordHashing hashing, AccountFence fence,
    TimeProvider clock)
{
    public async Task<OwnPasswordResult> ExecuteAsync(
        Session session, Password password, ClientInfo client, CancellationToken cancellationToken)
    {
        using var turn = await serializer.EnterAsync(session.Email.ToAccountKey(), cancellationToken);
        var now = clock.Now();
        var (key, file) = await accounts.ReadOfAsync(session, cancellationToken);
        // This may retry an interrupted change, whose sessions must end whether or not the password is right.
        if (file.Account is { IsUnfinished: true } unfinished)
            await fence.FinishAsync(unfinished);
        if (file.Throttle.WaitAt(now) is { } wait)
            return new OwnPasswordResult.Locked(wait);
        var account = file.Account?.Id == session.UserId ? file.Account : null;
        if (await hashing.CheckAsync(account?.PasswordHash, password, cancellationToken) != PasswordCheck.Wrong)
            return new OwnPasswordResult.Right(account!);

        // A guess counts even if the caller hangs up.
        var attempt = new LoginAttempt(key, file, client, now);
        var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, token));
        return failed.Wait is { } lockedMeanwhile
            ? new OwnPasswordResult.Locked(lockedMeanwhile)
            : new OwnPasswordResult.Wrong(failed.Locks);
    }
}

public abstract record OwnPasswordResult
{
    private OwnPasswordResult() { }

    public sealed record Right(Account Account) : OwnPasswordResult;
    public sealed record Wrong(bool Locks) : OwnPasswordResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : OwnPasswordResult;
}
