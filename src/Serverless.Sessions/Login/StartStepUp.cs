namespace Serverless.Sessions.Login;

public sealed class StartStepUp(
    IAccountStore accounts, IPasskeyStore passkeys, PasskeyVerifier verifier, IOptions<PasskeyOptions> options)
{
    public async Task<StepUpWays> ExecuteAsync(Session session, string? origin, CancellationToken cancellationToken)
    {
        var reading = options.Value.IsOn ? passkeys.ReadAsync(session.UserId, cancellationToken) : null;
        var account = (await accounts.ReadOfAsync(session, cancellationToken)).Stored.Account;
        var known = reading is null ? [] : (await reading).Passkeys.Where(passkey => !passkey.IsForReview).ToList();
        var ceremony = known.Count > 0
            ? await verifier.BeginAssertionAsync(CeremonyPurpose.StepUp, session, known, origin, cancellationToken) : null;
        return new(account?.Id == session.UserId && account.PasswordHash is not null, ceremony);
    }
}

/// <summary>How a user can prove again who they are; <c>Passkey</c> is null without one.</summary>
public sealed record StepUpWays(bool HasPassword, Ceremony? Passkey);
