namespace Serverless.Sessions.Tests.Accounts;

public sealed class ImportAccountsTests : IDisposable
{
    private static readonly PasswordHash Bcrypt = new("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");

    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task An_imported_account_logs_in_with_its_old_password_and_gets_a_hash_of_ours()
    {
        var imported = New();
        var id = Assert.Single(await ImportAsync(imported))!.Value;
        var entry = Assert.Single((await _service.Stores.Log.ReadAsync(LogOwner.Of(id), null, 10, default)).Entries);
        Assert.Equal((LogAction.AccountCreated, Service.Administrator), (entry.Action, entry.Administrator!.Value));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(imported.Email, "U*U"));
        var renewed = (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account!;
        Assert.Equal(PasswordCheck.Right, await _service.Hashing.CheckAsync(renewed.PasswordHash, new("U*U"), default));
    }

    [Fact]
    public async Task Of_an_email_that_is_imported_twice_at_once_there_is_one_account()
    {
        var imported = New();
        var ids = await ImportAsync(Enumerable.Repeat(imported, 8).ToArray());
        var account = (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account!;
        Assert.Equal(account.Id, Assert.Single(ids, id => id is not null));
        Assert.Null(Assert.Single(await ImportAsync(imported with { Roles = ["admin"] })));
        Assert.Equal(account, (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account);
    }

    public void Dispose() => _service.Dispose();

    private static ImportedAccount New() => new(Service.NewEmail(), Bcrypt, ["reader"], AccountState.Active, EmailVerified: true, null);

    private Task<IReadOnlyList<UserId?>> ImportAsync(params ImportedAccount[] imported) =>
        _service.ImportAccounts.ExecuteAsync(imported, Service.Administrator, default);
}
