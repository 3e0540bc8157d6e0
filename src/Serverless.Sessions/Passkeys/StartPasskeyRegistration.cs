namespace Serverless.Sessions.Passkeys;

/// <summary>Begins to register a passkey of the user of a session.</summary>
public sealed class StartPasskeyRegistration(IPasskeyStore passkeys, PasskeyVerifier verifier)
{
    /// <summary>Returns null if the account has as many as it may have.</summary>
    public async Task<Ceremony?> ExecuteAsync(Session session, string? origin, CancellationToken cancellationToken)
    {
        var known = (await passkeys.ReadAsync(session.UserId, cancellationToken)).Passkeys;
        return known.Count >= Passkey.MaximumCount
            ? null
            : await verifier.BeginRegistrationAsync(
                CeremonyPurpose.Registration, session.UserId, session.Id, session.Email, known, origin, cancellationToken);
    }
}
