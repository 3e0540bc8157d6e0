namespace EndToEnd.Tests.Hosting;

/// <summary>The app that all tests share: the one at SERVERLESS_BASE_URL, otherwise one with a storage of its own.</summary>
public sealed class App : IAsyncLifetime
{
    private static readonly TimeSpan OwnGrace = TimeSpan.FromSeconds(3);

    private static int _addresses = Random.Shared.Next(1 << 17);

    private Azurite? _azurite;
    private AppProcess? _process;

    public static bool IsOwn => Setting("SERVERLESS_BASE_URL") is null;

    public Uri BaseAddress { get; private set; } = null!;
    public string Email { get; private set; } = AppSettings.Email;
    public string Password { get; private set; } = AppSettings.Password;
    public TimeSpan Grace { get; private set; } = OwnGrace;
    public SessionClient Client { get; private set; } = null!;
    public Tables Tables { get; private set; } = null!;

    /// <summary>Empty for an app that was started elsewhere.</summary>
    public string Output => _process?.Output ?? "";

    public async Task InitializeAsync()
    {
        if (Setting("SERVERLESS_BASE_URL") is { } address)
        {
            BaseAddress = new(address.TrimEnd('/') + "/");
            Email = Setting("SERVERLESS_EMAIL") ?? Email;
            Password = Setting("SERVERLESS_PASSWORD") ?? Setting("DEMO_PASSWORD") ?? Password;
            Grace = TimeSpan.FromSeconds(int.Parse(Setting("SERVERLESS_GRACE_SECONDS") ?? "30", CultureInfo.InvariantCulture));
            Tables = new(Setting("SERVERLESS_STORAGE") ?? "UseDevelopmentStorage=true");
        }
        else
        {
            var azurite = _azurite = await Azurite.StartAsync();
            _process = await AppProcess.StartAsync(port => AppSettings.For(azurite.ConnectionString, port, OwnGrace));
            BaseAddress = _process.BaseAddress;
            Tables = new(azurite.ConnectionString);
        }

        Client = new(BaseAddress);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        Overheard.IsClean(Output);
    }

    public async Task<Answer> LoginAsync(bool? remember = null, string? device = null, string? from = null) =>
        (await Client.LoginAsync(Email, Password, remember, device, from)).IsOk();

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
