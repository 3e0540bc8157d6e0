namespace Serverless.Sessions.Accounts;

/// <summary>Uses the link to verify an address, for what it was sent: a registration, an account, a change of email, or taking one
/// back.</summary>
public sealed class VerifyEmail(
    IEpochStore epochs, AccountTokens tokens, AccountFence fence, CreateAccount createAccount,
    CreateAccountWithPasskey createWithPasskey, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task<VerifyEmailResult> ExecuteAsync(string text, ClientInfo client, CancellationToken cancellationToken)
    {
        if (await tokens.FindAsync(text, TokenPurpose.Verify, cancellationToken) is not { Token: var token } found)
            return new VerifyEmailResult.TokenInvalid();

        var by = Actor.Of(client);
        var (isVerified, user) = token switch
        {
            { IsRegistration: true } => await CreateAsync(found, by, cancellationToken),
            { User: { } owner, From: { } from } => (await ChangeAsync(found, owner, from, by, cancellationToken), owner),
            { User: { } owner } when found.Stored.Account is { State: AccountState.Moved } tombstone =>
                (await TakeBackAsync(found, tombstone, owner, by, cancellationToken), owner),
            { User: { } owner } => (await VerifyAsync(found, owner, by, cancellationToken), owner),
            _ => (false, (UserId?)null),
        };
        return isVerified ? new VerifyEmailResult.Verified(user!.Value) : new VerifyEmailResult.TokenInvalid();
    }

    private async Task<(bool IsVerified, UserId? User)> CreateAsync(FoundToken found, Actor by, CancellationToken cancellationToken)
    {
        var token = found.Token;
        if (!Email.TryParse(token.Address, out var email) || email.ToAccountKey() != found.Account)
            return default;
        var result = token.Passkey is { } passkey
            ? await createWithPasskey.ExecuteAsync(email, passkey, token, by, cancellationToken)
            : await createAccount.ExecuteAsync(email, token.Registration!.Value, token, by, cancellationToken);
        return result is CreateAccountResult.Created { Account: var account } ? (true, account.Id) : default;
    }

    private async Task<bool> VerifyAsync(FoundToken found, UserId owner, Actor by, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var change = new AccountChange(now, LogAction.EmailVerified, By: by);
        return await fence.ChangeAsync(
            found.Account,
            (account, stored) => account.Id == owner && stored.Verify is { } token && token.Id == found.Token.Id
                && account.State is AccountState.Active or AccountState.Disabled
                ? new(account with { EmailVerifiedAt = now }, change, new(Use: token)) : null,
            cancellationToken) is not null;
    }

    private async Task<bool> ChangeAsync(
        FoundToken found, UserId owner, AccountKey from, Actor by, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        return found.Stored.Account is null && Email.TryParse(found.Token.Address, out var email) && email.ToAccountKey() == found.Account
            && await fence.TryMoveAsync(
                email, null, from, new(now, LogAction.EmailChanged, By: by), new(Use: found.Token),
                account => account.Id == owner && account.State == AccountState.Active && account.Epoch == found.Token.Epoch
                    && account.MayDepartAt(now),
                cancellationToken);
    }

    // The account may have moved on: from the address that it moved to then, to another one.
    private async Task<bool> TakeBackAsync(
        FoundToken found, Account tombstone, UserId owner, Actor by, CancellationToken cancellationToken)
    {
        if (await epochs.FindAccountKeyAsync(owner, cancellationToken) is not { } from)
            return false;
        var now = clock.Now();
        var reset = AccountToken.New(TokenPurpose.Reset, AccountToken.ResetLifetime, await keys.GetAsync(cancellationToken), now) with
        {
            User = owner,
        };
        var change = new AccountChange(now, LogAction.EmailTakenBack, EndReason.EmailTakenBack, By: by);
        var along = new AccountWrites(
            reset, found.Token, reset.MailTo(tombstone.Email.Address, MailKind.ResetPassword, tombstone.Language, now), ReplacesAny: true);
        return await fence.TryMoveAsync(
            tombstone.Email, tombstone, from,
            tombstone.HasUnprovedPasskeys
                ? change with { PasskeysSince = AccountChange.EverySince }
                : change.WithoutPasskeysOf(tombstone.Departures.Select(departure => departure.Time).Append(now).Min()),
            along,
            account => account.Id == owner && tombstone.Departures.Any(account.Departures.Contains)
                && account.State is AccountState.Active or AccountState.Disabled or AccountState.Closing,
            cancellationToken);
    }
}

public abstract record VerifyEmailResult
{
    private VerifyEmailResult() { }

    public sealed record Verified(UserId User) : VerifyEmailResult;

    /// <summary>Malformed, expired, replaced or used.</summary>
    public sealed record TokenInvalid : VerifyEmailResult;
}
