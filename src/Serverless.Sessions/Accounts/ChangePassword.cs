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

        var now = clock.Now();
        var key = session.Email.ToAccountKey();
        var file = await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (file.Throttle.WaitAt(now) is { } wait)
            return new ChangePasswordResult.Locked(wait);
        // The new password in place of the old one is this very change, repeated because its reply was lost: it goes on from where
        // it stopped, for the other sessions may live still.
        if (!await IsAsync(current).ConfigureAwait(false) && !await IsAsync(next).ConfigureAwait(false))
        {
            return await throttle.FailAsync(new(key, file, client, now), cancellationToken).ConfigureAwait(false) is { } lockedMeanwhile
                ? new ChangePasswordResult.Locked(lockedMeanwhile)
                : new ChangePasswordResult.WrongPassword();
        }

        await setPassword.ExecuteAsync(session.Email, next, session.Id, client, cancellationToken).ConfigureAwait(false);
        return new ChangePasswordResult.Changed();

        async Task<bool> IsAsync(Password password) =>
            await hashing.CheckAsync(file.Account?.PasswordHash, password, cancellationToken).ConfigureAwait(false) != PasswordCheck.Wrong;
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
    public sealed record WrongPassword : ChangePasswordResult;

    /// <summary>Too many failures; the password wasn't looked at.</summary>
    /// <param name="Wait">How long until the next try.</param>
    public sealed record Locked(TimeSpan Wait) : ChangePasswordResult;

    /// <summary>The new password is against the rules.</summary>
    /// <param name="Why">A sentence for the user.</param>
    public sealed record PasswordRefused(string Why) : ChangePasswordResult;
}
