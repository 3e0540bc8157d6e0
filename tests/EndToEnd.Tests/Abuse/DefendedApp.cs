namespace EndToEnd.Tests.Abuse;

/// <summary>An app whose strict settings would be in the way of all other tests.</summary>
public sealed class DefendedApp : IAsyncLifetime
{
    public const string WrongPassword = "wrong horse battery staple";
    public const int LoginsAtOncePerAddress = 10;
    public const int LoginsAtOncePerAccount = 18;
    public const int RefreshesAtOncePerAddress = 5;
    public const int OthersAtOncePerAddress = 3;
    public const int PresencesAtOncePerUser = 50; // One call.
    public const int SessionsPerAccount = 2;
    public const int FailuresBeforeLock = 5;

    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private Azurite? _azurite;
    private AppProcess? _process;

    public FakeSiteverify Siteverify { get; } = new();
    public Tables Tables { get; private set; } = null!;

    public string Output => _process?.Output ?? "";

    public SessionClient Client { get; private set; } = null!;

    /// <summary>A login before all tests, so its access token expires first.</summary>
    public Answer First { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var azurite = _azurite = await Azurite.StartAsync();
        _process = await AppProcess.StartAsync(port => new Dictionary<string, string>(
            AppSettings.For(azurite.ConnectionString, port, Grace))
        {
            ["Tokens__AccessTokenLifetime"] = "00:00:30", // The shortest that can be set.
            ["Sessions__MaximumPerAccount"] = $"{SessionsPerAccount}",
            ["Cookies__SameSite"] = "None",
            ["RateLimits__LoginsPerMinutePerAddress"] = $"{6 * LoginsAtOncePerAddress}",
            ["RateLimits__LoginsPerMinutePerAccount"] = $"{6 * LoginsAtOncePerAccount}",
            ["RateLimits__RefreshesPerMinutePerAddress"] = $"{6 * RefreshesAtOncePerAddress}",
            ["RateLimits__OthersPerMinutePerAddress"] = $"{6 * OthersAtOncePerAddress}",
            ["RateLimits__PresencesPerMinutePerUser"] = $"{PresencesAtOncePerUser}",
            ["Captcha__Provider"] = "turnstile",
            ["Captcha__Secret"] = FakeSiteverify.Secret,
            ["Captcha__Endpoint"] = Siteverify.Address,
            ["Captcha__AfterFailures"] = "3",
            ["Throttle__FailuresBeforeLock"] = $"{FailuresBeforeLock}",
            ["SecurityWebhook__Url"] = "https://localhost:4711/",
            ["SecurityWebhook__Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ["SecurityWebhook__MaximumAttempts"] = "1",
        });
        Client = new(_process.BaseAddress);
        Tables = new(azurite.ConnectionString);
        First = await LoginAsync(App.NewAddress());
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

    public Task<Answer> RegisterAsync(string email, string? captcha)
    {
        var body = new JsonObject { ["email"] = email, ["password"] = AppSettings.Password, ["captchaToken"] = captcha };
        return Client.SendAsync(SessionClient.Post("accounts", body.ToJsonString(), App.NewAddress()));
    }

    public async Task<string> NewUserAsync()
    {
        var email = App.NewEmail();
        Assert.Equal(201, (await RegisterAsync(email, FakeSiteverify.Token("good"))).Status);
        return email;
    }

    public async Task<Answer> LoginAsAsync(string email) => (await TryLoginAsync(email, App.NewAddress(), AppSettings.Password)).IsOk();

    public async Task<Answer> LoginAsync(string from) => (await TryLoginAsync(AppSettings.Email, from, AppSettings.Password)).IsOk();
}

[CollectionDefinition(nameof(DefendedApp))]
public sealed class DefendedAppCollection : ICollectionFixture<DefendedApp>;
