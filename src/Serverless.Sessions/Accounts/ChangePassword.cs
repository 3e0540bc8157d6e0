using Serverless.Sessions.Login;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

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
    AccountFence fence,
    TimeProvider clock)
{
    /// <summary>Changes it.</summary>
    public async Task<ChangePasswordResult> ExecuteAsync(
        Session session, Password current, Password next, ClientInfo client, CancellationToken cancellationToken)
    {
        if (policy.Refuse(next) is { } refusal)
            return new ChangePasswordResult.PasswordRefused(refusal);

        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var (hash, refused) = await CheckAsync(session, current, client, cancellationToken);
            if (refused is not null)
                return refused;
            var set = await setPassword.ExecuteAsync(session.Email, next, hash, session.Id, client, cancellationToken);
            // Another change came first: what was proved is the password of before.
            if (set is SetPasswordResult.Changed)
                return new ChangePasswordResult.Changed();
        }
    }

    private async Task<(PasswordHash? Hash, ChangePasswordResult? Refused)> CheckAsync(
        Session session, Password current, ClientInfo client, CancellationToken cancellationToken)
    {
        var key = session.Email.ToAccountKey();
        using var turn = await throttle.BeginAsync(key, cancellationToken);
        var now = clock.Now();
        var file = await accounts.ReadAsync(key, cancellationToken);
        // This may be the repetition of a change that was interrupted: its endings are owed whether or not the password is right.
        if (file.Account is { PendingChange: not null } unfinished)
            await fence.FinishAsync(unfinished);
        if (file.Throttle.WaitAt(now) is { } wait)
            return (null, new ChangePasswordResult.Locked(wait));
        var hash = file.Account is { } account && account.Id == session.UserId ? account.PasswordHash : (PasswordHash?)null;
        if (await hashing.CheckAsync(hash, current, cancellationToken) != PasswordCheck.Wrong)
            return (hash, null);

        // Whoever hangs up has guessed all the same.
        var attempt = new LoginAttempt(key, file, client, now);
        var failed = await Detached.RunAsync(clock, token => throttle.FailAsync(attempt, token));
        return (null, failed.Wait is { } lockedMeanwhile
            ? new ChangePasswordResult.Locked(lockedMeanwhile)
            : new ChangePasswordResult.WrongPassword(failed.Locks));
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
