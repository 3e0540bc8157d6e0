
namespace Serverless.Sessions.Accounts;

/// <summary>Finds an account by its user, in two reads.</summary>
public sealed class FindAccount(IAccountStore accounts, IEpochStore epochs)
{
    /// <summary>The account; null if there is none.</summary>
    public async Task<Account?> ExecuteAsync(UserId user, CancellationToken cancellationToken) =>
        await epochs.FindAccountKeyAsync(user, cancellationToken) is { } key
        && (await accounts.ReadAsync(key, cancellationToken)).Account is { } account && account.Id == user
            ? account
            : null;
}
