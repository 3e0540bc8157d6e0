namespace Serverless.Sessions.Login;

public sealed class StartStepUp(IAccountStore accounts)
{
    public async Task<StepUpWays> ExecuteAsync(Session session, string? origin, CancellationToken cancellationToken)
    {
        var account = (await accounts.ReadOfAsync(session, cancellationToken)).Stored.Account;
        return new(account?.Id == session.UserId && account.PasswordHash is not null, Passkey: null);
    }
}

/// <summary>How a user can prove again who they are; <c>Passkey</c> is null without one.</summary>
public sealed record StepUpWays(bool HasPassword, Passkeys.Ceremony? Passkey);
