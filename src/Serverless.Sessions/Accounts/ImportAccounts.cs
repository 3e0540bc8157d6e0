namespace Serverless.Sessions.Accounts;

/// <summary>Adds accounts of another system with their password hashes, which their first logins renew. An existing account stays as it
/// is, so an interrupted import is repeated whole. Each account becomes visible complete, with its row.</summary>
public sealed class ImportAccounts(CreateAccount createAccount, ChangeAccount changeAccount, TimeProvider clock)
{
    // Between two looks whether the caller is still an administrator.
    private const int Together = 50;

    /// <summary>Returns the results in the order of <paramref name="imported"/>; null if the caller isn't an administrator, or no longer
    /// is: what was imported before stays.</summary>
    public async Task<IReadOnlyList<ImportResult>?> ExecuteAsync(
        IReadOnlyList<ImportedAccount> imported, Session administrator, CancellationToken cancellationToken)
    {
        var (results, by) = (new List<ImportResult>(), Actor.Of(administrator.UserId));
        foreach (var some in imported.Chunk(Together))
        {
            if (!await changeAccount.IsAdministratorAsync(administrator, cancellationToken))
                return null;
            results.AddRange(await Concurrently.SelectAsync(some, (each, token) => TryAsync(each, by, token), cancellationToken));
        }

        return results;
    }

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
