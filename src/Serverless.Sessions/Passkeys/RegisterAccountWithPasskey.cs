namespace Serverless.Sessions.Passkeys;

/// <summary>Registers an account with a passkey instead of a password, for the email that the options were asked for: at once, or where
/// addresses have to be verified, once the link is used, as <see cref="RegisterAccount"/> does.</summary>
public sealed class RegisterAccountWithPasskey(
    PasskeyVerifier verifier, CreateAccount createAccount, RegisterAccount registerAccount, IOptions<AccountOptions> options,
    TimeProvider clock)
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
        var read = await verifier.ReadAsync(
            response, CeremonyPurpose.NewAccount, null, (reader, state) => reader.ReadAttestation(state), cancellationToken);
        if (read.Value is not { } attestation)
            return new RegisterAccountWithPasskeyResult.Refused(read.Refusal);
        if (attestation.State is not { User: { } user, Address: { } address } || !Email.TryParse(address, out var bound)
            || (email is not null && email.Value != bound.Value))
        {
            return new RegisterAccountWithPasskeyResult.Refused(PasskeyRefusal.CeremonyInvalid);
        }

        var named = RegisterPasskey.NameOf(name, attestation.Aaguid, client);
        var verified = await verifier.VerifyAsync(attestation, user, named, clock.Now(), cancellationToken);
        if (verified.Value is not { } passkey)
            return new RegisterAccountWithPasskeyResult.Refused(verified.Refusal);

        if (options.Value.VerifyEmail)
        {
            if (admitsMail(bound))
                await registerAccount.HoldAsync(bound, new(user, passkey), client.Language, cancellationToken);
            return new RegisterAccountWithPasskeyResult.Accepted();
        }

        return await createAccount.ExecuteAsync(bound, new NewPasskey(user, passkey), null, Actor.Of(client), cancellationToken) switch
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
