namespace Serverless.Sessions.Accounts;

/// <summary>Verifies the address of an account on behalf of its user, on record with who did.</summary>
public sealed class MarkEmailVerified(FindAccount findAccount, AccountFence fence, TimeProvider clock)
{
    /// <summary>A null <paramref name="administrator"/> is the service itself. Not cancellable after the first write.</summary>
    public async Task<MarkEmailVerifiedResult> ExecuteAsync(UserId? administrator, UserId user, CancellationToken cancellationToken)
    {
        if (await findAccount.ExecuteAsync(user, cancellationToken) is not { } found)
            return MarkEmailVerifiedResult.NoAccount;
        var now = clock.Now();
        var by = administrator is { } id ? Actor.Of(id) : null;
        var changed = await fence.ChangeAsync(
            found.Email.ToAccountKey(),
            (account, _) => account.Id == user && account.EmailVerifiedAt is null
                ? new(account with { EmailVerifiedAt = now }, new(now, LogAction.EmailVerified, By: by))
                : null,
            cancellationToken);
        return changed is null ? MarkEmailVerifiedResult.VerifiedBefore : MarkEmailVerifiedResult.Verified;
    }
}

public enum MarkEmailVerifiedResult
{
    Verified,
    VerifiedBefore,
    NoAccount,
}
