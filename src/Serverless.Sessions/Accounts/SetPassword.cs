namespace Serverless.Sessions.Accounts;

/// <summary>Gives an account a new password and ends its sessions, or all but one.</summary>
public sealed class SetPassword(AccountFence fence, EndSessions endSessions, PasswordHashing hashing, PasswordPolicy policy)
{
    /// <summary>Sets a password.</summary>
    /// <param name="email">Whose.</param>
    /// <param name="password">The new one.</param>
    /// <param name="except">The session that lives on, if one does.</param>
    /// <param name="client">Who asked; null where nobody did.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SetPasswordResult> ExecuteAsync(
        Email email, Password password, SessionId? except, ClientInfo? client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(email);
        if (policy.Refuse(password) is { } refusal)
            return new SetPasswordResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken).ConfigureAwait(false);
        var account = await fence.ChangeAsync(
            email.ToAccountKey(), account => account with { PasswordHash = hash }, cancellationToken).ConfigureAwait(false);
        if (account is null)
            return new SetPasswordResult.NoAccount();

        await endSessions.ExecuteAsync(account.Id, EndReason.PasswordChanged, except, client, CancellationToken.None).ConfigureAwait(false);
        return new SetPasswordResult.Changed();
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

    /// <summary>The email has no account.</summary>
    public sealed record NoAccount : SetPasswordResult;

    /// <summary>The password is against the rules.</summary>
    /// <param name="Why">A sentence for the user.</param>
    public sealed record PasswordRefused(string Why) : SetPasswordResult;
}
