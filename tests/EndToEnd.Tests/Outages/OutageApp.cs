namespace EndToEnd.Tests.Outages;

/// <summary>An app with a storage that can be stopped, and comes back with what it had written to disk.</summary>
public sealed class OutageApp : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("end-to-end-");
    private AppProcess? _process;

    public Azurite Azurite { get; private set; } = null!;
    public SessionClient Client { get; private set; } = null!;

    public int WorkerId => _process!.Worker.Id;
    public string Output => _process?.Output ?? "";

    public async Task InitializeAsync()
    {
        Azurite = await Azurite.StartAsync(_folder.FullName);
        _process = await AppProcess.StartAsync(port => AppSettings.For(Azurite.ConnectionString, port, TimeSpan.FromSeconds(30)));
        Client = new(_process.BaseAddress);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        if (Azurite is not null)
            await Azurite.DisposeAsync();
        _folder.Delete(recursive: true);
        Overheard.IsClean(Output);
    }

    public Task<Answer> TryLoginAsync() => Client.LoginAsync(AppSettings.Email, AppSettings.Password);

    /// <summary>Waits until storage has the sessions on disk; it writes every five seconds.</summary>
    public async Task<IReadOnlyList<Answer>> LoginForGoodAsync(int count)
    {
        var logins = new List<Answer>();
        while (logins.Count < count)
            logins.Add((await TryLoginAsync()).IsOk());
        await Eventually.TrueAsync("the sessions are on disk", async () =>
        {
            var written = "";
            foreach (var file in _folder.EnumerateFiles("*.json"))
                written += await File.ReadAllTextAsync(file.FullName);
            return logins.All(login => written.Contains($"\"s:{login.SessionId}\"", StringComparison.Ordinal));
        });
        return logins;
    }
}
