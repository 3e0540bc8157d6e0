namespace Serverless.Sessions.Accounts;

/// <summary>Verifies the address of an account on behalf of its user, on record with who did.</summary>
public sealed class MarkEmailVerified(FindAccount findAccount, AccountFence fence, TimeProvider clock)
{
    /// <summary>False if there is no account; does nothing if it is verified. A null <paramref name="administrator"/> is the service
    /// itself. Not cancellable after the first write.</summary>
    public async Task<bool> ExecuteAsync(UserId? administrator, UserId user, CancellationToken cancellationToken)
    {
        if (await findAccount.ExecuteAsync(user, cancellationToken) is not { } found)
            return false;
        var now = clock.Now();
        var by = administrator is { } id ? Actor.Of(id) : null;
        await fence.ChangeAsync(
            found.Email.ToAccountKey(),
            (account, _) => account.Id == user && account.EmailVerifiedAt is null
                ? new(account with { EmailVerifiedAt = now }, new(now, LogAction.EmailVerified, By: by))
                : null,
            cancellationToken);
        return true;
    }
}
