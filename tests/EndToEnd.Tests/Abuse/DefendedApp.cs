using EndToEnd.Tests.Client;
using EndToEnd.Tests.Hosting;
using EndToEnd.Tests.Storage;
using Serverless.Testing;

namespace EndToEnd.Tests.Abuse;

/// <summary>An app of its own with the defences up that would be in the way of all other tests.</summary>
public sealed class DefendedApp : IAsyncLifetime
{
    public const string WrongPassword = "wrong horse battery staple";
    public const int LoginsAtOncePerAddress = 10;
    public const int LoginsAtOncePerAccount = 18;
    public const int RefreshesAtOncePerAddress = 5;
    public const int OthersAtOncePerAddress = 3;

    private Azurite? _azurite;
    private AppProcess? _process;

    public FakeSiteverify Siteverify { get; } = new();

    public Tables Tables { get; private set; } = null!;

    public SessionClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var azurite = _azurite = await Azurite.StartAsync();
        _process = await AppProcess.StartAsync(port => new Dictionary<string, string>(
            AppSettings.For(azurite.ConnectionString, port, graceSeconds: 30))
        {
            ["RateLimits__LoginsPerMinutePerAddress"] = $"{6 * LoginsAtOncePerAddress}",
            ["RateLimits__LoginsPerMinutePerAccount"] = $"{6 * LoginsAtOncePerAccount}",
            ["RateLimits__RefreshesPerMinutePerAddress"] = $"{6 * RefreshesAtOncePerAddress}",
            ["RateLimits__OthersPerMinutePerAddress"] = $"{6 * OthersAtOncePerAddress}",
            ["Captcha__Provider"] = "turnstile",
            ["Captcha__Secret"] = FakeSiteverify.Secret,
            ["Captcha__Endpoint"] = Siteverify.Address,
            ["Captcha__TimeoutSeconds"] = "1",
            ["Captcha__AfterFailures"] = "3",
            ["Captcha__AlwaysFromFlaggedAddresses"] = "true",
            ["Throttle__FailuresBeforeLock"] = "100",
        });
        Client = new(_process.BaseAddress);
        Tables = new(azurite.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        Siteverify.Dispose();
        Overheard.IsClean(_process?.Output ?? "");
    }

    public Task<Answer> TryLoginAsync(string email, string from, string password = WrongPassword, string? captcha = null) =>
        Client.LoginAsync(email, password, from: from, captchaToken: captcha);

    public async Task<Answer> LoginAsync(string from) => (await TryLoginAsync(AppSettings.Email, from, AppSettings.Password)).IsOk();
}

[CollectionDefinition(nameof(DefendedApp))]
public sealed class DefendedAppCollection : ICollectionFixture<DefendedApp>;
