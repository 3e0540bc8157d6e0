namespace EndToEnd.Tests.Outages;

/// <summary>An app with a storage that can be stopped, and comes back with what it had written to disk.</summary>
public sealed class OutageApp : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("end-to-end-");
    private OwnApp _own = null!;

    public Azurite Azurite { get; private set; } = null!;
    public SessionClient Client => _own.Client;
    public Tables Tables => _own.Tables;
    public string Output => _own.Process.Output;
    public int WorkerId => _own.Process.Worker.Id;

    /// <summary>Ten sessions that are on disk.</summary>
    public List<Answer> Logins { get; } = [];

    public async Task InitializeAsync()
    {
        Azurite = await Azurite.StartAsync(_folder.FullName);
        _own = await OwnApp.StartAsync(Azurite);
        while (Logins.Count < 10)
            Logins.Add((await TryLoginAsync()).IsOk());
        // Storage writes every five seconds.
        await Eventually.TrueAsync("the sessions are on disk", async () =>
        {
            var written = "";
            foreach (var file in _folder.EnumerateFiles("*.json"))
                written += await File.ReadAllTextAsync(file.FullName);
            return Logins.All(login => written.Contains($"\"s:{login.SessionId}\"", StringComparison.Ordinal));
        });
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await Azurite.DisposeAsync();
        _folder.Delete(recursive: true);
        Overheard.IsClean(Output);
    }

    public Task<Answer> TryLoginAsync() => Client.LoginAsync(AppSettings.Email, AppSettings.Password);
}
