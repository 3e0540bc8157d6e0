namespace Serverless.Sessions.Accounts;

/// <summary>Locks an intruder out of a user's account, in one change: it disables the account, or removes its password and sends its user the
/// link to set another; it ends all sessions, and each passkey, which may be the intruder's, waits until its user has reviewed it.</summary>
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
        SecureAccountResult refused = new SecureAccountResult.NoAccount();
        Account? before = null;
        if (await fence.ChangeAsync(key, (account, _) => Secure(before = account), cancellationToken) is not { } secured)
            return refused;
        if (!disables || await Detached.RunAsync(clock, token => changeAccount.IsAdministratorAsync(administrator, token)))
            return new SecureAccountResult.Secured(secured, sessions.Count);
        await Detached.RunAsync(clock, token => changeAccount.ApplyAsync(key, user, before!.State, null, by, token, before.EraseAt));
        return new SecureAccountResult.NotAllowed();

        AccountStep? Secure(Account account)
        {
            var mayReset = sender is not null && account.State == AccountState.Active && passkeyOptions.Value.MayReset(account);
            refused = account.Id == user && !disables && !mayReset
                ? new SecureAccountResult.ResetImpossible() : new SecureAccountResult.NoAccount();
            return account.Id != user ? null
                : disables ? new(account with { State = AccountState.Disabled }, change)
                : !mayReset ? null
                : new(account with { PasswordHash = null }, change, new(
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

    /// <inheritdoc cref="ChangeAccountResult.NotAllowed"/>
    public sealed record NotAllowed : SecureAccountResult;
}
