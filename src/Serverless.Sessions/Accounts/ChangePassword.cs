namespace Serverless.Sessions.Accounts;

/// <summary>Changes a user's password after checking the current one, and ends all other sessions. A wrong current password
/// counts as a failed login, so a stolen access token allows no more guesses than the login does.</summary>
public sealed class ChangePassword(
    IAccountStore accounts, LoginSerializer serializer, LoginThrottle throttle, PasswordHashing hashing,
    PasswordRules rules, SetPassword setPassword, AccountFence fence, TimeProvider clock)
{
    public async Task<ChangePasswordResult> ExecuteAsync(
        Session session, Password current, Password next, ClientInfo client, CancellationToken cancellationToken)
    {
        if (await rules.RefuseAsync(next, cancellationToken) is { } refusal)
            return new ChangePasswordResult.PasswordRefused(refusal);

        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var (hash, refused) = await CheckAsync(session, current, client, cancellationToken);
            if (refused is not null)
                return refused;
            if (await setPassword.ExecuteAsync(session.Email, next, hash, session.Id, client, cancellationToken))
                return new ChangePasswordResult.Changed();
            // Another change came first, so the check was against an old password.
        }
    }

    private async Task<(PasswordHash? Hash, ChangePasswordResult? Refused)> CheckAsync(
        Session session, Password current, ClientInfo client, CancellationToken cancellationToken)
    {
        var key = session.Email.ToAccountKey();
        using var turn = await serializer.EnterAsync(key, cancellationToken);
        var now = clock.Now();
        var file = await accounts.ReadAsync(key, cancellationToken);
        // This may retry an interrupted change, whose sessions must end whether or not the password is right.
        if (file.Account is { PendingChange: not null } unfinished)
            await fence.FinishAsync(unfinished);
        if (file.Throttle.WaitAt(now) is { } wait)
            return (null, new ChangePasswordResult.Locked(wait));
        var hash = file.Account is { } account && account.Id == session.UserId ? account.PasswordHash : (PasswordHash?)null;
        if (await hashing.CheckAsync(hash, current, cancellationToken) != PasswordCheck.Wrong)
            return (hash, null);

        // A guess counts even if the caller hangs up.
        var attempt = new LoginAttempt(key, file, client, now);
        var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, token));
        return (null, failed.Wait is { } lockedMeanwhile
            ? new ChangePasswordResult.Locked(lockedMeanwhile)
            : new ChangePasswordResult.WrongPassword(failed.Locks));
    }
}

public abstract record ChangePasswordResult
{
    private ChangePasswordResult() { }

    public sealed record Changed : ChangePasswordResult;
    public sealed record WrongPassword(bool Locks) : ChangePasswordResult;
    public sealed record PasswordRefused(string Why) : ChangePasswordResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : ChangePasswordResult;
}
