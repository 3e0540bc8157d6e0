namespace Serverless.Sessions.Accounts;

/// <summary>Sets an account's password and ends its sessions, or all but one.</summary>
public sealed class SetPassword(
    AccountFence fence, PasswordHashing hashing, IOptions<PasswordOptions> passwords, TimeProvider clock)
{
    /// <summary>Changes nothing if the account has another hash than <paramref name="replaces"/>, null for any. A null
    /// <paramref name="client"/> is the service itself. Ignores cancellation after the first write.</summary>
    public async Task<SetPasswordResult> ExecuteAsync(
        Email email,
        Password password,
        PasswordHash? replaces,
        SessionId? except,
        ClientInfo? client,
        CancellationToken cancellationToken)
    {
        if (passwords.Value.Refuse(password) is { } refusal)
            return new SetPasswordResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken);
        var change = new AccountChange
        {
            At = clock.Now(),
            Action = LogAction.PasswordChanged,
            Ends = EndReason.PasswordChanged,
            Except = except,
            By = client is null ? null : Actor.Of(client),
        };
        var changed = await fence.ChangeAsync(
            email.ToAccountKey(),
            account => replaces is null || account.PasswordHash == replaces ? (account with { PasswordHash = hash }, change) : null,
            cancellationToken);
        return changed is null ? new SetPasswordResult.Unchanged() : new SetPasswordResult.Changed();
    }
}

public abstract record SetPasswordResult
{
    private SetPasswordResult() { }

    public sealed record Changed : SetPasswordResult;

    /// <summary>The email has no account, or its password isn't the one to replace.</summary>
    public sealed record Unchanged : SetPasswordResult;

    public sealed record PasswordRefused(string Why) : SetPasswordResult;
}
