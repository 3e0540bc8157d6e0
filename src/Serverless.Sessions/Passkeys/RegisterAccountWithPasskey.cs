namespace Serverless.Sessions.Passkeys;

/// <summary>Registers an account with a passkey instead of a password, for the email that the options were asked for: at once, or where
/// addresses have to be verified, once the link is used, as <see cref="RegisterAccount"/> does.
/// The same again has the same result.</summary>
public sealed class RegisterAccountWithPasskey(
    PasskeyVerifier verifier, CreateAccountWithPasskey createAccount, RegisterAccount registerAccount, IOptions<AccountOptions> options)
{
    /// <param name="response">What the browser made.</param>
    /// <param name="email">Null, or that of the options.</param>
    /// <param name="name">Null for one of the passkey's kind, or of the device.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="admitsMail">Asked where the address has to be verified; if false, nothing is sent, and the result is the same.</param>
    /// <param name="cancellationToken">Cancels the call before the first write.</param>
    public async Task<RegisterAccountWithPasskeyResult> ExecuteAsync(
        PasskeyResponse response, Email? email, string? name, ClientInfo client, Func<Email, bool> admitsMail,
        CancellationToken cancellationToken)
    {
        var registered = await verifier.RegisterAsync(response, CeremonyPurpose.NewAccount, null, name, client, cancellationToken);
        if (registered.Value is not var (state, user, passkey))
            return new RegisterAccountWithPasskeyResult.Refused(registered.Refusal);
        if (!Email.TryParse(state.Address, out var bound) || (email is not null && email.Value != bound.Value))
            return new RegisterAccountWithPasskeyResult.Refused(PasskeyRefusal.CeremonyInvalid);

        if (options.Value.VerifyEmail)
        {
            if (admitsMail(bound))
                await registerAccount.HoldAsync(bound, new(user, passkey), client.Language, cancellationToken);
            return new RegisterAccountWithPasskeyResult.Accepted();
        }

        return await createAccount.ExecuteAsync(bound, new(user, passkey), Actor.Of(client), cancellationToken) switch
        {
            CreateAccountResult.Created created => new RegisterAccountWithPasskeyResult.Created(created.Account),
            CreateAccountResult.PasskeyUsed => new RegisterAccountWithPasskeyResult.Refused(PasskeyRefusal.CeremonyUsed),
            _ => new RegisterAccountWithPasskeyResult.EmailTaken(),
        };
    }
}

public abstract record RegisterAccountWithPasskeyResult
{
    private RegisterAccountWithPasskeyResult() { }

    public sealed record Created(Account Account) : RegisterAccountWithPasskeyResult;

    /// <summary>A mail is on its way, to a new address or to one that has an account.</summary>
    public sealed record Accepted : RegisterAccountWithPasskeyResult;
    public sealed record EmailTaken : RegisterAccountWithPasskeyResult;
    public sealed record Refused(PasskeyRefusal Refusal) : RegisterAccountWithPasskeyResult;
}
