using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Login;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Accounts;

/// <summary>Gives an account a new password and ends its sessions, or all but one.</summary>
public sealed class SetPassword(AccountFence fence, PasswordHashing hashing, PasswordPolicy policy, TimeProvider clock)
{
    /// <summary>Sets a password.</summary>
    /// <param name="password">The new one.</param>
    /// <param name="replaces">The hash that it replaces: should it be another one by then, nothing changes. Null for any.</param>
    /// <param name="except">The session that lives on, if one does.</param>
    /// <param name="client">Who asked; null where nobody did.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
    public async Task<SetPasswordResult> ExecuteAsync(
        Email email,
        Password password,
        PasswordHash? replaces,
        SessionId? except,
        ClientInfo? client,
        CancellationToken cancellationToken)
    {
        if (policy.Refuse(password) is { } refusal)
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

/// <summary>What became of a new password.</summary>
public abstract record SetPasswordResult
{
    private SetPasswordResult()
    {
    }

    /// <summary>Set; the sessions of before are ended.</summary>
    public sealed record Changed : SetPasswordResult;

    /// <summary>The email has no account, or one with another password than the one that was to be replaced.</summary>
    public sealed record Unchanged : SetPasswordResult;

    /// <summary>The password is against the rules.</summary>
    /// <param name="Why">A sentence for the user.</param>
    public sealed record PasswordRefused(string Why) : SetPasswordResult;
}
