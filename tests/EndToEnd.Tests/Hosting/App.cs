namespace EndToEnd.Tests.Hosting;

/// <summary>The app that all tests share: the one at SERVERLESS_BASE_URL, otherwise one with a storage of its own.</summary>
public sealed class App : IAsyncLifetime
{
    private static int _addresses = Random.Shared.Next(1 << 17);

    private OwnApp? _own;

    public static bool IsOwn => Setting("SERVERLESS_BASE_URL") is null;

    public Uri BaseAddress { get; private set; } = null!;
    public string Email { get; private set; } = AppSettings.Email;
    public string Password { get; private set; } = AppSettings.Password;
    public TimeSpan Grace { get; private set; } = TimeSpan.FromSeconds(3);
    public SessionClient Client { get; private set; } = null!;
    public Tables Tables { get; private set; } = null!;

    /// <summary>Empty for an app that was started elsewhere.</summary>
    public string Output => _own?.Process.Output ?? "";

    /// <summary>Only of an app of this run.</summary>
    public System.Diagnostics.Process Worker => _own!.Process.Worker;

    public async Task InitializeAsync()
    {
        if (Setting("SERVERLESS_BASE_URL") is { } address)
        {
            BaseAddress = new(address.TrimEnd('/') + "/");
            Email = Setting("SERVERLESS_EMAIL") ?? Email;
            Password = Setting("SERVERLESS_PASSWORD") ?? Setting("DEMO_PASSWORD") ?? Password;
            Grace = TimeSpan.FromSeconds(int.Parse(Setting("SERVERLESS_GRACE_SECONDS") ?? "30", CultureInfo.InvariantCulture));
            Tables = new(Setting("SERVERLESS_STORAGE") ?? "UseDevelopmentStorage=true");
            Client = new(BaseAddress);
        }
        else
        {
            _own = await OwnApp.StartAsync(("Sessions__Grace", $"{Grace}"), ("Passwords__BreachedList", LeakedPasswords.File));
            (BaseAddress, Client, Tables) = (_own.Process.BaseAddress, _own.Client, _own.Tables);
        }
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
        Overheard.IsClean(Output);
    }

    public async Task<Answer> LoginAsync(bool? remember = null, string? device = null, string? from = null) =>
        (await Client.LoginAsync(Email, Password, remember, device, from)).IsOk();

    /// <summary>Opens an account with <see cref="AppSettings.Password"/>.</summary>
    public async Task<string> NewAccountAsync()
    {
        var email = NewEmail();
        (await Client.RegisterAsync(email)).Is(201);
        return email;
    }

    public async Task<Answer> NewUserAsync() => (await Client.LoginAsync(await NewAccountAsync(), AppSettings.Password)).IsOk();

    public async Task<Answer> AdminAsync(HttpMethod method, string route, object? body = null) =>
        await Client.CallAsync(method, route, (await Client.LoginAsAdministratorAsync()).AccessToken, body);

    public Task<Answer> AdminGetAsync(string route) => AdminAsync(HttpMethod.Get, route);

    /// <summary>Runs a timer of an app of this run until its line is printed, after all that came before.</summary>
    public async Task RunToTheEndAsync(string timer)
    {
        var before = CountRuns();
        await Client.RunTimerAsync(timer);
        await Eventually.TrueAsync($"{timer} has run", () => CountRuns() > before);

        int CountRuns() => Printed.Lines(Printed.RunOf[timer], Output).Count();
    }

    public static string NewEmail() => $"nobody-{Guid.NewGuid():N}@example.com";

    /// <summary>An unused address of the range for benchmarks (RFC 2544).</summary>
    public static string NewAddress()
    {
        var next = Interlocked.Increment(ref _addresses);
        return string.Create(CultureInfo.InvariantCulture, $"198.{18 + (next >> 16 & 1)}.{next >> 8 & 255}.{next & 255}");
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

[CollectionDefinition(nameof(App))]
public sealed class AppCollection : ICollectionFixture<App>;
