namespace Serverless.Sessions.Accounts;

/// <summary>
/// A user changes the password, proving the present one, and stays logged in only here. A wrong present password counts as a
/// failed login, so a stolen access token doesn't allow more guesses than the login does.
/// </summary>
public sealed class ChangePassword(
    IAccountStore accounts,
    LoginThrottle throttle,
    PasswordHashing hashing,
    PasswordPolicy policy,
    SetPassword setPassword,
    TimeProvider clock)
{
    /// <summary>Changes it.</summary>
    public async Task<ChangePasswordResult> ExecuteAsync(
        Session session, Password current, Password next, ClientInfo client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(client);
        if (policy.Refuse(next) is { } refusal)
            return new ChangePasswordResult.PasswordRefused(refusal);

        var key = session.Email.ToAccountKey();
        using (await throttle.BeginAsync(key, cancellationToken).ConfigureAwait(false))
        {
            var now = clock.Now();
            var file = await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false);
            if (file.Throttle.WaitAt(now) is { } wait)
                return new ChangePasswordResult.Locked(wait);
            if (await hashing.CheckAsync(file.Account?.PasswordHash, current, cancellationToken).ConfigureAwait(false) == PasswordCheck.Wrong)
            {
                // Whoever hangs up has guessed all the same.
                var failed = await throttle.FailAsync(new(key, file, client, now), CancellationToken.None).ConfigureAwait(false);
                return failed.Wait is { } lockedMeanwhile
                    ? new ChangePasswordResult.Locked(lockedMeanwhile)
                    : new ChangePasswordResult.WrongPassword(failed.Locks);
            }
        }

        await setPassword.ExecuteAsync(session.Email, next, session.Id, client, cancellationToken).ConfigureAwait(false);
        return new ChangePasswordResult.Changed();
    }
}

/// <summary>What became of a change.</summary>
public abstract record ChangePasswordResult
{
    private ChangePasswordResult()
    {
    }

    /// <summary>Changed; the other sessions are ended.</summary>
    public sealed record Changed : ChangePasswordResult;

    /// <summary>The present password is another one.</summary>
    /// <param name="Locks">Whether this failure locked the email.</param>
    public sealed record WrongPassword(bool Locks) : ChangePasswordResult;

    /// <summary>Too many failures; the password wasn't looked at, or others locked the email meanwhile.</summary>
    /// <param name="Wait">How long until the next try.</param>
    public sealed record Locked(TimeSpan Wait) : ChangePasswordResult;

    /// <summary>The new password is against the rules.</summary>
    /// <param name="Why">A sentence for the user.</param>
    public sealed record PasswordRefused(string Why) : ChangePasswordResult;
}
