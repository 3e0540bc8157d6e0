namespace Serverless.Sessions.Accounts;

/// <summary>Changes a user's password after <see cref="CheckOwnPassword"/>, and ends all other sessions.</summary>
public sealed class ChangePassword(
    CheckOwnPassword checkPassword, PasswordRules rules, SetPassword setPassword, TimeProvider clock)
{
    public async Task<ChangePasswordResult> ExecuteAsync(
        Session session, Password? current, Password next, ClientInfo client, CancellationToken cancellationToken)
    {
        if (await rules.RefuseAsync(next, cancellationToken) is { } refusal)
            return new ChangePasswordResult.PasswordRefused(refusal);

        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            switch (await checkPassword.ExecuteAsync(session, current, client, cancellationToken))
            {
                case OwnPasswordResult.Wrong wrong:
                    return new ChangePasswordResult.WrongPassword(wrong.Locks);
                case OwnPasswordResult.Locked locked:
                    return new ChangePasswordResult.Locked(locked.Wait);
                case OwnPasswordResult.NotProved:
                    return new ChangePasswordResult.NotProved();
                case OwnPasswordResult.Right { Account: var account }
                    when await setPassword.ExecuteAsync(
                        account.Email, next, account, session.Id, client, cancellationToken):
                    return new ChangePasswordResult.Changed();
            }

            // Another change came first, so the check was against an old password.
        }
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

    /// <inheritdoc cref="OwnPasswordResult.NotProved"/>
    public sealed record NotProved : ChangePasswordResult;
}
