namespace Serverless.Sessions.Passkeys;

/// <summary>Begins a login with any passkey that the browser has. Reads nothing, so it tells nobody anything.</summary>
public sealed class StartPasskeyLogin(PasskeyVerifier verifier)
{
    public Task<Ceremony> ExecuteAsync(string? origin, CancellationToken cancellationToken) =>
        verifier.BeginAssertionAsync(CeremonyPurpose.Login, null, [], origin, cancellationToken);
}
