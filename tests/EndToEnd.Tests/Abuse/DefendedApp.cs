namespace EndToEnd.Tests.Abuse;

/// <summary>An app whose strict settings would be in the way of all other tests.</summary>
public sealed class DefendedApp : IAsyncLifetime
{
    public const int LoginsAtOncePerAddress = 10;
    public const int LoginsAtOncePerAccount = 18;
    public const int RefreshesAtOncePerAddress = 5;
    public const int OthersAtOncePerAddress = 3;
    public const int PresencesAtOncePerUser = 50; // One call.
    public const int SessionsPerAccount = 2;
    public const int FailuresBeforeLock = 5;

    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Of users with the role <c>hasty</c>, who also have one session and never stay logged in.</summary>
    public static readonly TimeSpan Inactivity = TimeSpan.FromMinutes(10);

    private OwnApp _own = null!;

    public FakeSiteverify Siteverify { get; } = new();
    public SessionClient Client => _own.Client;
    public Tables Tables => _own.Tables;
    public string Output => _own.Process.Output;

    public async Task InitializeAsync()
    {
        await Siteverify.StartAsync();
        _own = await OwnApp.StartAsync(
            ("Sessions__Grace", $"{Grace}"),
            ("Sessions__MaximumPerAccount", $"{SessionsPerAccount}"),
            ("Policies__hasty__Inactivity", $"{Inactivity}"),
            ("Policies__hasty__MaximumSessions", "1"),
            ("Policies__hasty__AllowRemember", "false"),
            ("Cookies__SameSite", "None"),
            ("RateLimits__LoginsPerMinutePerAddress", $"{6 * LoginsAtOncePerAddress}"),
            ("RateLimits__LoginsPerMinutePerAccount", $"{6 * LoginsAtOncePerAccount}"),
            ("RateLimits__RefreshesPerMinutePerAddress", $"{6 * RefreshesAtOncePerAddress}"),
            ("RateLimits__OthersPerMinutePerAddress", $"{6 * OthersAtOncePerAddress}"),
            ("RateLimits__PresencesPerMinutePerUser", $"{PresencesAtOncePerUser}"),
            ("Captcha__Provider", "turnstile"),
            ("Captcha__Secret", FakeSiteverify.Secret),
            ("Captcha__Endpoint", Siteverify.Address),
            ("Captcha__AfterFailures", "3"),
            ("Throttle__FailuresBeforeLock", $"{FailuresBeforeLock}"),
            ("Location__ImpossibleTravel", "Refuse"),
            ("Location__CountryChange", "EndSession"),
            ("Push__Subject", ""),
            ("SecurityWebhook__Url", "https://localhost:4711/"),
            ("SecurityWebhook__Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("SecurityWebhook__MaximumAttempts", "1"));
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await Siteverify.DisposeAsync();
        Overheard.IsClean(Output);
    }

    public Task<Answer> TryLoginAsync(
        string email, string from, string password = AppSettings.WrongPassword, string? captcha = null) =>
        Client.LoginAsync(email, password, from: from, captchaToken: captcha);

    public Task<Answer> RegisterAsync(string email, string? captcha)
    {
        var body = new JsonObject { ["email"] = email, ["password"] = AppSettings.Password, ["captchaToken"] = captcha };
        return Client.SendAsync(SessionClient.Post("accounts", body, App.NewAddress()));
    }

    public async Task<string> NewUserAsync()
    {
        var email = App.NewEmail();
        (await RegisterAsync(email, FakeSiteverify.Token("good"))).Is(201);
        return email;
    }

    public async Task<Answer> LoginAsAsync(string email) => (await TryLoginAsync(email, App.NewAddress(), AppSettings.Password)).IsOk();
    public Task<Answer> LoginAsAdministratorAsync() => Client.LoginAsAdministratorAsync(App.NewAddress());
}

[CollectionDefinition(nameof(DefendedApp))]
public sealed class DefendedAppCollection : ICollectionFixture<DefendedApp>;
