namespace Serverless.Sessions.Accounts;

/// <summary>Adds accounts of another system with their password hashes, which their first logins renew. An existing account stays as it
/// is, so an interrupted import is repeated whole. Each account becomes visible complete, with its row.</summary>
public sealed class ImportAccounts(CreateAccount createAccount, TimeProvider clock)
{
    /// <summary>Returns the results in the order of <paramref name="imported"/>.</summary>
    public async Task<IReadOnlyList<ImportResult>> ExecuteAsync(
        IReadOnlyList<ImportedAccount> imported, UserId administrator, CancellationToken cancellationToken) =>
        await Concurrently.SelectAsync(imported, (each, token) => TryAsync(each, Actor.Of(administrator), token), cancellationToken);

    private async Task<ImportResult> TryAsync(ImportedAccount imported, Actor administrator, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportAsync(imported, administrator, cancellationToken);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            return new ImportResult.Unreadable();
        }
    }

    private async Task<ImportResult> ImportAsync(ImportedAccount imported, Actor administrator, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var account = new Account(
            UserId.New(now), imported.Email, imported.PasswordHash, imported.Roles, imported.State, Ulid.New(now),
            imported.CreatedAt ?? now, PendingChange: new(now, LogAction.AccountCreated, By: administrator))
        {
            EmailVerifiedAt = imported.EmailVerified ? now : null,
            IsIndexed = true,
        };
        return await createAccount.ExecuteAsync(account, null, cancellationToken) is CreateAccountResult.Created
            ? new ImportResult.Created(account.Id) : new ImportResult.Exists();
    }
}

public abstract record ImportResult
{
    private ImportResult() { }

    public sealed record Created(UserId Id) : ImportResult;
    public sealed record Exists : ImportResult;

    /// <summary>A stored row of this email can't be read.</summary>
    public sealed record Unreadable : ImportResult;
}

/// <summary>An account of another system. <c>CreatedAt</c> is null for now.</summary>
public sealed record ImportedAccount(
    Email Email, PasswordHash PasswordHash, IReadOnlyList<string> Roles, AccountState State, bool EmailVerified, DateTimeOffset? CreatedAt);
