namespace Serverless.Sessions.Accounts;

public sealed class FindAccount(IAccountStore accounts, IEpochStore epochs)
{
    public async Task<Account?> ExecuteAsync(UserId user, CancellationToken cancellationToken) =>
        await epochs.FindAccountKeyAsync(user, cancellationToken) is { } key
        && (await accounts.ReadAsync(key, cancellationToken)).Account is { State: not AccountState.Erasing } account && account.Id == user
            ? account
            : null;

    /// <summary>Leaves out unknown users.</summary>
    public Task<IReadOnlyList<Account>> ExecuteAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken) =>
        Concurrently.FindAsync(users, ExecuteAsync, cancellationToken);
}
