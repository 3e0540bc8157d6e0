namespace Serverless.Sessions.Accounts;

/// <summary>Locks an intruder out of a user's account, in one change: it disables the account, or removes its password and sends its user the
/// link to set another, which also enables it; it ends all sessions, and each passkey, which may be the intruder's, waits until its user has
/// reviewed it.</summary>
public sealed class SecureAccount(
    IEpochStore epochs, ListSessions listSessions, ChangeAccount changeAccount, AccountFence fence, KeyRingSource keys,
    IOptions<PasskeyOptions> passkeyOptions, TimeProvider clock, IEmailSender? sender = null)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task<SecureAccountResult> ExecuteAsync(
        Session administrator, UserId user, bool disables, CancellationToken cancellationToken)
    {
        if (!await changeAccount.IsAdministratorAsync(administrator, cancellationToken))
            return new SecureAccountResult.NotAllowed();
        if (await epochs.FindAccountKeyAsync(user, cancellationToken) is not { } key)
            return new SecureAccountResult.NoAccount();

        var (by, now) = (Actor.Of(administrator.UserId), clock.Now());
        var reset = AccountToken.New(TokenPurpose.Reset, AccountToken.ResetLifetime, await keys.GetAsync(cancellationToken), now) with
        {
            User = user,
        };
        var change = new AccountChange(now, LogAction.AccountSecured, EndReason.Admin, By: by) { ReviewsPasskeys = true };
        var sessions = await listSessions.ExecuteAsync(user, cancellationToken);
        SecureAccountResult? refused = null;
        Account? before = null;
        if (await fence.ChangeAsync(key, (account, _) => Secure(before = account), cancellationToken) is not { } secured)
            return refused ?? new SecureAccountResult.NoAccount();
        if (!disables || await Detached.RunAsync(clock, token => changeAccount.IsAdministratorAsync(administrator, token)))
            return new SecureAccountResult.Secured(secured, sessions.Count);
        await Detached.RunAsync(clock, token => changeAccount.ApplyAsync(key, user, before!.State, null, by, token, before.EraseAt));
        return new SecureAccountResult.NotAllowed();

        AccountStep? Secure(Account account)
        {
            var mayReset = sender is not null && passkeyOptions.Value.MayReset(account);
            refused = account.Id != user ? new SecureAccountResult.NoAccount()
                : disables ? null
                : !mayReset || account.State == AccountState.Closing ? new SecureAccountResult.ResetImpossible()
                : account.DeparturesAt(now).Any() ? new SecureAccountResult.EmailChanged()
                : null;
            if (refused is not null)
                return null;
            // Where its user has nothing but passkeys, nobody could review one: also not once this is reverted.
            return disables
                ? new(
                    account with { State = AccountState.Disabled },
                    change with { ReviewsPasskeys = mayReset || account.PasswordHash is not null })
                : new(account with { State = AccountState.Active, EraseAt = null, PasswordHash = null }, change, new(
                    reset, Mail: reset.MailTo(account.Email.Address, MailKind.ResetPassword, account.Language, now), ReplacesAny: true));
        }
    }
}

public abstract record SecureAccountResult
{
    private SecureAccountResult() { }

    /// <summary>With the sessions that were open before.</summary>
    public sealed record Secured(Account Account, int Sessions) : SecureAccountResult;
    public sealed record NoAccount : SecureAccountResult;

    /// <summary>No mail can set a new password, so its user could not log in again: disable it instead.</summary>
    public sealed record ResetImpossible : SecureAccountResult;

    /// <summary>The mail could go to the intruder, while the change of email can be taken back.</summary>
    public sealed record EmailChanged : SecureAccountResult;

    /// <inheritdoc cref="ChangeAccountResult.NotAllowed"/>
    public sealed record NotAllowed : SecureAccountResult;
}
