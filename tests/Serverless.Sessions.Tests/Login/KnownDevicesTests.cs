namespace Serverless.Sessions.Tests.Login;

public sealed class KnownDevicesTests : IDisposable
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    private static readonly ClientInfo Laptop = new("203.0.113.7", Chrome, "a laptop");

    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task The_first_device_of_an_account_is_no_news_and_the_second_is_once()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var phone = Laptop with { Device = "a phone" };
        foreach (var client in (ClientInfo[])[Laptop, Laptop, phone, phone, Laptop])
            await LoginAsync(email, client);
        Assert.Equal([false, false, true, false, false], await NewsAsync());
    }

    [Theory]
    [InlineData("203.0.113.7", "Chrome/140.0.0.0", "Chrome/141.0.0.0", "a laptop", false)]
    [InlineData("198.51.100.9", "Chrome/140.0.0.0", "Chrome/140.0.0.0", "a laptop", false)]
    [InlineData("203.0.113.7", "Windows NT 10.0", "X11; Linux x86_64", "a laptop", true)]
    [InlineData("203.0.113.7", "Safari/537.36", "Safari/537.36 Edg/140.0.0.0", "a laptop", true)]
    [InlineData("203.0.113.7", "Chrome", "Chrome", "another laptop", true)]
    [InlineData("203.0.113.7", "Chrome", "Chrome", null, true)]
    public async Task A_device_is_its_name_its_system_and_its_browser(string address, string part, string other, string? name, bool isNew)
    {
        var email = (await _service.CreateAccountAsync()).Email;
        await LoginAsync(email, Laptop);
        await LoginAsync(email, new(address, Chrome.Replace(part, other, StringComparison.Ordinal), name));
        Assert.Equal([false, isNew], await NewsAsync());
    }

    [Fact]
    public void The_marks_of_one_device_tell_nothing_of_whose_it_is() => Assert.NotEqual(
        DeviceFingerprint.Of(UserId.New(DateTimeOffset.UnixEpoch), Laptop), DeviceFingerprint.Of(UserId.New(DateTimeOffset.UnixEpoch), Laptop));

    [Fact]
    public async Task A_failed_login_makes_no_device_known()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        await LoginAsync(email, Laptop);
        var thief = Laptop with { Device = "a thief's" };
        await _service.TryLoginAsync(email, "wrong password", client: thief);
        await LoginAsync(email, thief);
        Assert.Equal([false, false, true], await NewsAsync());
    }

    [Fact]
    public async Task A_new_password_and_new_roles_leave_the_devices_known()
    {
        var account = await _service.CreateAccountAsync();
        await LoginAsync(account.Email, Laptop);
        await _service.SetPassword.ExecuteAsync(account.Email, new(Service.Password), null, null, null, default);
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), account.Id, null, ["writer"], default);
        await LoginAsync(account.Email, Laptop);
        Assert.DoesNotContain(true, await NewsAsync());
    }

    [Fact]
    public async Task A_device_that_could_not_be_remembered_is_new_at_the_next_login()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        await LoginAsync(email, Laptop);
        var outage = true;
        var accounts = Intercepted.Around(
            _service.Stores.Accounts, before: Intercepted.Away(nameof(IAccountStore.TryReplaceAsync), () => outage));
        using var service = new Service(_service.Stores with { Accounts = accounts }, _service.Clock);
        var phone = Laptop with { Device = "a phone" };
        for (var i = 0; i < 3; i++, outage = false)
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(1));
            await service.LoginAsync(email, client: phone);
        }

        Assert.Equal([false, true, true, false], await NewsAsync());
    }

    [Fact]
    public void What_cannot_be_read_knows_no_device() => Assert.Equal(default, KnownDevices.Read([1, 2, 3]));

    public void Dispose() => _service.Dispose();

    private async Task LoginAsync(Email email, ClientInfo client)
    {
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        await _service.LoginAsync(email, client: client);
    }

    private async Task<List<bool>> NewsAsync()
    {
        var now = _service.Clock.GetUtcNow();
        return await _service.Stores.Timeline.ReadActivityAsync(now.AddHours(-1), now, default)
            .Where(activity => activity.Kind is ActivityKind.Login or ActivityKind.FailedLogin)
            .OrderBy(activity => activity.At).Select(activity => activity.NewDevice).ToListAsync();
    }
}
