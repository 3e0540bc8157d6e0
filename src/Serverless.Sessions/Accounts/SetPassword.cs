namespace Serverless.Sessions.Accounts;

/// <summary>
/// Gives an account a new password and ends its sessions. The epoch fences off logins that are under way: a new epoch is
/// opened, the account moves to it, the old one is closed, and only then are the sessions ended. A login that read the old
/// account either opened its session before, and is ended, or finds its epoch closed.
/// </summary>
public sealed class SetPassword(
    IAccountStore accounts,
    ISessionStore sessions,
    EndSession endSession,
    PasswordHashing hashing,
    PasswordPolicy policy,
    TimeProvider clock)
{
    /// <summary>Sets a password.</summary>
    public async Task<SetPasswordResult> ExecuteAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(email);
        if (policy.Refuse(password) is { } refusal)
            return new SetPasswordResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var file = await accounts.ReadAsync(email.ToAccountKey(), cancellationToken).ConfigureAwait(false);
            if (file.Account is not { } old)
                return new SetPasswordResult.NoAccount();

            var changed = old with { PasswordHash = hash, Epoch = Ulid.New(clock.GetUtcNow()) };
            await sessions.OpenEpochAsync(old.Id, changed.Epoch, cancellationToken).ConfigureAwait(false);
            var replaced = await accounts.TryReplaceAsync(changed, cancellationToken).ConfigureAwait(false);
            await sessions.CloseEpochAsync(old.Id, replaced ? old.Epoch : changed.Epoch, cancellationToken).ConfigureAwait(false);
            if (!replaced)
                continue;

            await EndSessionsAsync(old.Id, cancellationToken).ConfigureAwait(false);
            return new SetPasswordResult.Changed();
        }
    }

    private async Task EndSessionsAsync(UserId user, CancellationToken cancellationToken)
    {
        await foreach (var stored in sessions.ListAsync(user, cancellationToken).ConfigureAwait(false))
        {
            if (stored.Session.EndingAt(clock.GetUtcNow()) is null)
            {
                await endSession.ExecuteAsync(
                    user, stored.Session.Id, EndReason.PasswordChanged, client: null, cancellationToken).ConfigureAwait(false);
            }
        }
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
