namespace Serverless.Sessions.Accounts;

/// <summary>Adds accounts of another system with their password hashes, which their first logins renew. An existing account stays as it
/// is, so an interrupted import is repeated whole. Each account becomes visible complete, with its row.</summary>
public sealed class ImportAccounts(CreateAccount createAccount, IAccountStore accounts, TimeProvider clock)
{
    /// <summary>Returns the new accounts' ids in the order of <paramref name="imported"/>; null for an email that has an account.</summary>
    public async Task<IReadOnlyList<UserId?>> ExecuteAsync(
        IReadOnlyList<ImportedAccount> imported, UserId administrator, CancellationToken cancellationToken) =>
        await Concurrently.SelectAsync(imported, (each, token) => ImportAsync(each, Actor.Of(administrator), token), cancellationToken);

    private async Task<UserId?> ImportAsync(ImportedAccount imported, Actor administrator, CancellationToken cancellationToken)
    {
        // One read, where adding would write and take back; an import that is repeated finds most of them.
        if ((await accounts.ReadAsync(imported.Email.ToAccountKey(), cancellationToken)).Account is not null)
            return null;
        var now = clock.Now();
        var account = new Account(
            UserId.New(now), imported.Email, imported.PasswordHash, imported.Roles, imported.State, Ulid.New(now),
            imported.CreatedAt ?? now, PendingChange: new(now, LogAction.AccountCreated, By: administrator))
        {
            EmailVerifiedAt = imported.EmailVerified ? now : null,
        };
        return await createAccount.ExecuteAsync(account, null, cancellationToken) is CreateAccountResult.Created ? account.Id : null;
    }
}

/// <summary>An account of another system. <c>CreatedAt</c> is null for now.</summary>
public sealed record ImportedAccount(
    Email Email, PasswordHash PasswordHash, IReadOnlyList<string> Roles, AccountState State, bool EmailVerified, DateTimeOffset? CreatedAt);
