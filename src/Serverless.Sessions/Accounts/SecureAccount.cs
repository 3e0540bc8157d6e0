namespace Serverless.Sessions.Accounts;

/// <summary>Locks an intruder out of a user's account, in one change: it disables the account, or removes its password and sends its user
/// the link to set another, which also enables it; it ends all sessions, and each passkey, which may be the intruder's, waits until its
/// user has reviewed it.</summary>
public sealed class SecureAccount(
    IEpochStore epochs, ChangeAccount changeAccount, AccountFence fence, ResetRules rules, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task<SecureAccountResult> ExecuteAsync(
        Session administrator, UserId user, bool disables, CancellationToken cancellationToken)
    {
        var (by, now) = (Actor.Of(administrator.UserId), clock.Now());
        var change = new AccountChange(now, LogAction.AccountSecured, EndReason.Admin, By: by) { ReviewsPasskeys = true };
        return await changeAccount.TryAsync(administrator, SecureAsync, cancellationToken) ?? new SecureAccountResult.NotAllowed();

        async Task<(SecureAccountResult, Func<CancellationToken, Task>?)> SecureAsync()
        {
            if (await epochs.FindAccountKeyAsync(user, cancellationToken) is not { } key)
                return (new SecureAccountResult.NoAccount(), null);
            var reset = AccountToken.New(TokenPurpose.Reset, AccountToken.ResetLifetime, await keys.GetAsync(cancellationToken), now) with
            {
                User = user,
            };
            SecureAccountResult refused = new SecureAccountResult.NoAccount();
            Account? before = null;
            var step = disables ? (Func<Account, AccountStep?>)Disable : Reset;
            var secured = await fence.ChangeAsync(
                key, (account, _) => account.Id == user ? step(before = account) : null, cancellationToken);
            if (secured is null)
                return (refused, null);
            // A reset stays: its user comes back by the link, and the former password may be known to the intruder.
            return (
                new SecureAccountResult.Secured(secured.Account, secured.SessionsEnded),
                disables ? token => changeAccount.ApplyAsync(key, user, before!.State, null, by, token, before.EraseAt) : null);

            AccountStep? Reset(Account account)
            {
                if ((rules.Refuse(account) ?? (account.DeparturesAt(now).Any() ? ResetRefusal.EmailChanged : null)) is { } why)
                {
                    refused = new SecureAccountResult.NoReset(why);
                    return null;
                }

                return new(account with { State = AccountState.Active, EraseAt = null, PasswordHash = null }, change, new(
                    reset, Mail: reset.MailTo(account.Email.Address, MailKind.ResetPassword, account.Language, now), ReplacesAny: true));
            }
        }

        // Passkeys aren't marked where nothing else can open the account: nobody could review them, even after this is reverted.
        AccountStep Disable(Account account) => new(
            account with { State = AccountState.Disabled },
            change with { ReviewsPasskeys = account.PasswordHash is not null || rules.Refuse(account) is null });
    }
}

public abstract record SecureAccountResult
{
    private SecureAccountResult() { }

    public sealed record Secured(Account Account, int SessionsEnded) : SecureAccountResult;
    public sealed record NoAccount : SecureAccountResult;

    /// <summary>Its user could not log in again, or the intruder could: disable it instead.</summary>
    public sealed record NoReset(ResetRefusal Why) : SecureAccountResult;

    /// <inheritdoc cref="ChangeAccountResult.NotAllowed"/>
    public sealed record NotAllowed : SecureAccountResult;
}
