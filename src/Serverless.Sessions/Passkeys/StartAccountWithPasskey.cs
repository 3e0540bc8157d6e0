namespace Serverless.Sessions.Passkeys;

/// <summary>Begins the registration of an account with a passkey instead of a password. Reads nothing,
/// so it tells nobody anything.</summary>
public sealed class StartAccountWithPasskey(PasskeyVerifier verifier, TimeProvider clock)
{
    public Task<Ceremony> ExecuteAsync(Email email, string? origin, CancellationToken cancellationToken) =>
        verifier.BeginRegistrationAsync(CeremonyPurpose.NewAccount, UserId.New(clock.Now()), null, email, [], origin, cancellationToken);
}
