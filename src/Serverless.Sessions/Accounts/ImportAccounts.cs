namespace Serverless.Sessions.Accounts;

/// <summary>Adds accounts of another system with their password hashes, which their first logins renew. An existing account stays as it
/// is, so an interrupted import is repeated whole. Each account becomes visible complete, with its row.</summary>
public sealed class ImportAccounts(CreateAccount createAccount, ChangeAccount changeAccount, TimeProvider clock)
{
    /// <summary>Returns the results in the order of <paramref name="imported"/>; null if the caller isn't an administrator, or no longer
    /// was afterwards: the new accounts are disabled then, without roles.</summary>
    public Task<IReadOnlyList<ImportResult>?> ExecuteAsync(
        IReadOnlyList<ImportedAccount> imported, Session administrator, CancellationToken cancellationToken)
    {
        var by = Actor.Of(administrator.UserId);
        return changeAccount.TryAsync(administrator, ImportAllAsync, cancellationToken);

        async Task<(IReadOnlyList<ImportResult>, Func<CancellationToken, Task>?)> ImportAllAsync()
        {
            var results = await Concurrently.SelectAsync(imported, (each, token) => TryAsync(each, by, token), cancellationToken);
            var created = (from each in imported.Zip(results)
                           where each.Second is ImportResult.Created
                           select (each.First.Email, ((ImportResult.Created)each.Second).Id)).ToList();
            return (results, created.Count == 0 ? null : token => Concurrently.SelectAsync(
                created, (each, own) => changeAccount.DisableNewAsync(each.Email, each.Id, by, own), token));
        }
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
