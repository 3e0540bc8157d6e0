namespace Serverless.Sessions.Accounts;

public static class SessionAccounts
{
    /// <summary>Reads the account of a session, which another instance may have from before its email changed.</summary>
    public static async Task<(AccountKey Key, StoredAccount Stored)> ReadOfAsync(
        this IAccountStore accounts, Session session, CancellationToken cancellationToken)
    {
        var key = session.Email.ToAccountKey();
        var stored = await accounts.ReadAsync(key, cancellationToken);
        return stored.Account is { State: AccountState.Moved, MovedTo: { } moved } && stored.Account.Id == session.UserId
            ? (moved, await accounts.ReadAsync(moved, cancellationToken))
            : (key, stored);
    }
}
