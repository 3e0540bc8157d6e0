namespace Serverless.Sessions.Accounts;

/// <summary>Sets a new password by the link of a mail, ends all sessions, clears the throttle, restores an account that is closing and
/// tells the user. The link proves the address, too. Passkeys that were added shortly before go, since whoever made a reset necessary may
/// have added them; all of them, if whoever registered the account need not have been the owner of the address.</summary>
public sealed class ResetPassword(
    AccountTokens tokens, AccountFence fence, PasswordHashing hashing, PasswordRules rules, IOptions<PasskeyOptions> passkeyOptions,
    TimeProvider clock)
{
    /// <summary>A refused password doesn't use the token. Ignores cancellation after the first write.</summary>
    public async Task<ResetPasswordResult> ExecuteAsync(
        string text, Password password, ClientInfo client, CancellationToken cancellationToken)
    {
        // The token first, since the rules may ask another service.
        if (await tokens.FindAsync(text, TokenPurpose.Reset, cancellationToken) is not { Token: { User: { } owner } token } found)
            return new ResetPasswordResult.TokenInvalid();
        if (await rules.RefuseAsync(password, cancellationToken) is { } refusal)
            return new ResetPasswordResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken);
        var now = clock.Now();
        var change = new AccountChange(now, LogAction.PasswordReset, EndReason.PasswordReset, By: Actor.Of(client)).WithoutPasskeysOf(now);
        var changed = await fence.ChangeAsync(
            found.Account,
            (account, stored) => account.Id == owner && account.IsRecoverableAt(now) && passkeyOptions.Value.MayReset(account)
                && stored.Reset is { } current && current.Id == token.Id
                ? new(
                    account.WithPassword(hash) with
                    {
                        State = AccountState.Active,
                        EraseAt = null,
                        EmailVerifiedAt = account.EmailVerifiedAt ?? now,
                        HasUnprovedPasskeys = false,
                    },
                    account.IsPasskeyOnly || account.HasUnprovedPasskeys
                        ? change with { PasskeysSince = AccountChange.EverySince } : change,
                    new(
                        Use: current, Mail: AccountMails.Notice(MailKind.PasswordReset, account, now, client.Language),
                        ClearThrottle: true))
                : null,
            cancellationToken);
        return changed is null ? new ResetPasswordResult.TokenInvalid() : new ResetPasswordResult.Reset(owner);
    }
}

public abstract record ResetPasswordResult
{
    private ResetPasswordResult() { }

    public sealed record Reset(UserId User) : ResetPasswordResult;
    public sealed record PasswordRefused(string Why) : ResetPasswordResult;

    /// <summary>Malformed, expired, replaced or used.</summary>
    public sealed record TokenInvalid : ResetPasswordResult;
}
