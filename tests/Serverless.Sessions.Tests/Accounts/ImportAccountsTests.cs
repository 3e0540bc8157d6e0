namespace Serverless.Sessions.Tests.Accounts;

public sealed class ImportAccountsTests : IAsyncLifetime, IDisposable
{
    private static readonly PasswordHash Bcrypt = new("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");

    private readonly Service _service = new(InMemoryStores.Create(), new());
    private Session _administrator = null!;

    public async Task InitializeAsync() => _administrator = await _service.NewAdministratorAsync();
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_imported_account_logs_in_with_its_old_password_and_gets_a_hash_of_ours()
    {
        var imported = New();
        var id = Assert.IsType<ImportResult.Created>(Assert.Single(await ImportAsync(imported))).Id;
        var entry = Assert.Single((await _service.Stores.Log.ReadAsync(LogOwner.Of(id), null, 10, default)).Entries);
        Assert.Equal((LogAction.AccountCreated, _administrator.UserId), (entry.Action, entry.Administrator!.Value));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(imported.Email, "U*U"));
        var renewed = (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account!;
        Assert.Equal(PasswordCheck.Right, await _service.Hashing.CheckAsync(renewed.PasswordHash, new("U*U"), default));
    }

    [Fact]
    public async Task Of_an_email_that_is_imported_twice_at_once_there_is_one_account()
    {
        var imported = New();
        var results = await ImportAsync(Enumerable.Repeat(imported, 8).ToArray());
        var account = (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account!;
        Assert.Equal([new ImportResult.Created(account.Id)], results.Where(result => result is not ImportResult.Exists));
        Assert.Equal([new ImportResult.Exists()], await ImportAsync(imported with { Roles = ["admin"] }));
        Assert.Equal(account, (await _service.Stores.Accounts.ReadAsync(imported.Email.ToAccountKey(), default)).Account);
    }

    [Fact]
    public async Task One_whose_stored_row_cannot_be_read_holds_up_no_other()
    {
        var reads = 0;
        var accounts = Intercepted.Around(_service.Stores.Accounts, before: Intercepted.At(nameof(IAccountStore.ReadAsync), () =>
        {
            // The first is of the administrator.
            if (Interlocked.Increment(ref reads) == 2)
                throw new StorageUnavailableException("one row") { IsOneRow = true };
        }));
        using var service = new Service(_service.Stores with { Accounts = accounts }, new());
        var results = (await service.ImportAccounts.ExecuteAsync([New(), New(), New()], _administrator, default))!;
        Assert.Single(results, result => result is ImportResult.Unreadable);
        Assert.Equal(2, results.Count(result => result is ImportResult.Created));
    }

    [Theory]
    [Trait("Run", "nightly")]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc")]
    // By Node.js, with next to no work.
    [InlineData(Service.Password, "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jkBzE6t+3YTzAuQ1ol2ZxJUOk0akIbgat0w+kf21AT0")]
    [InlineData(Service.Password, "$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=Y4Rm1IrOwHkNbGRbpYKDwwIwGfdYnuH064sQpr/VEsQPvNO81wCGlZ4JUpRPVqG8jyO2V7RXu9594m+irfIR/A=="
        + "$c2FsdHNhbHRzYWx0c2FsdA==$y1wLXufSUM/izO/Xxnw/4XZ2GWVesZ+WbEVJKvmX7hfvdpdcFvlBF6wfUmUzil7AaqoVd/9kPfzI+yvNSJ3C3w==")]
    [InlineData(Service.Password, "pbkdf2_sha256$1000$saltsalt$zzTVNkpdnDsQWZloN/zP8vUU74BCbHD/tDSXS4zXPSs=")]
    [InlineData(Service.Password, "AQAAAAIAAAPoAAAAEHNhbHRzYWx0c2FsdHNhbHQ5HG+c8XTyaZOW1R/9ZItLwVnfJhqeoGsP6SbiukyvTg==")]
    public async Task Ten_thousand_accounts_are_imported_and_each_logs_in_with_its_old_password(string password, string hash)
    {
        var imported = Enumerable.Range(0, 10_000).Select(_ => New() with { PasswordHash = new(hash) }).ToArray();
        foreach (var chunk in imported.Chunk(1_000))
            Assert.All(await ImportAsync(chunk), result => Assert.IsType<ImportResult.Created>(result));
        await Parallel.ForEachAsync(imported, async (each, _) =>
            Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(each.Email, password)));
    }

    public void Dispose() => _service.Dispose();

    private static ImportedAccount New() => new(Service.NewEmail(), Bcrypt, ["reader"], AccountState.Active, EmailVerified: true, null);

    private async Task<IReadOnlyList<ImportResult>> ImportAsync(params ImportedAccount[] imported) =>
        (await _service.ImportAccounts.ExecuteAsync(imported, _administrator, default))!;
}
