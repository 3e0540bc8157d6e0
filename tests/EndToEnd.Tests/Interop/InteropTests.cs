namespace EndToEnd.Tests.Interop;

/// <summary>Two other services verify tokens from the discovery document alone, before, during and after a rotation.</summary>
public sealed class InteropTests : IAsyncLifetime, IDisposable
{
    private const string Audience = "end-to-end";

    private Azurite _azurite = null!;
    private AppProcess _app = null!;
    private SessionClient _client = null!;
    private TableClient _security = null!;

    private string Issuer => new Uri(_app.BaseAddress, "api").ToString();

    public async Task InitializeAsync()
    {
        _azurite = await Azurite.StartAsync();
        // Keys may be kept for a second, so an instance knows of a next one by then.
        _app = await AppProcess.StartAsync(port => AppSettings.For(
            _azurite.ConnectionString, port, TimeSpan.FromSeconds(30),
            ("Keys__JwksCacheLifetime", "00:00:01"), ("Feed__CacheLifetime", "00:01:00")));
        _client = new(_app.BaseAddress);
        _security = new Tables(_azurite.ConnectionString).Security;
    }

    public void Dispose() => _client?.Dispose();

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        Overheard.IsClean(_app?.Output ?? "");
    }

    [Fact]
    public async Task Tokens_are_verified_from_the_discovery_document_alone_across_a_rotation()
    {
        await using var node = new NodeService(Issuer, Audience);
        await using var aspNet = await AspNetService.StartAsync(Issuer, Audience);
        var first = await LoginAsync();
        await IsGoodAsync(first);

        await MakeKeysOldAsync();
        Assert.Equal(202, (await _client.RunTimerAsync("RotateSigningKeys")).Status);
        await Eventually.TrueAsync("the next key is published", async () => await KeyCountAsync() == 2);
        // The middleware doesn't ask again within a second.
        await Eventually.TrueAsync("the next key is known", async () => await aspNet.GetKeysAgainAsync() == 2);
        await IsGoodAsync(first);

        await MakeKeysOldAsync();
        var second = await Eventually.FindAsync("the next key signs", async () =>
            await LoginAsync() is var login && KeyOf(login) != KeyOf(first) ? login : null);
        await IsGoodAsync(second);
        await IsGoodAsync(first);
        Assert.Equal(200, (await _client.RefreshAsync(first.RefreshToken)).Status);

        async Task IsGoodAsync(Answer login)
        {
            Assert.Equal($"good {login.UserId}", await node.VerifyAsync(login.AccessToken));
            Assert.Equal(login.UserId, await aspNet.VerifyAsync(login.AccessToken));
        }
    }

    [Fact]
    public async Task What_is_no_access_token_of_ours_is_not_believed()
    {
        await using var node = new NodeService(Issuer, Audience);
        await using var aspNet = await AspNetService.StartAsync(Issuer, Audience);
        await using var other = await AspNetService.StartAsync(Issuer, "another audience");
        var token = (await LoginAsync()).AccessToken;
        var altered = token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];
        var feed = (await _client.SendAsync(new(HttpMethod.Get, SessionClient.Api("sessions/revocations")))).Text;

        Assert.Equal("good 0", await node.VerifyAsync(feed, "revocations+jwt"));
        Assert.StartsWith("bad", await node.VerifyAsync(feed), StringComparison.Ordinal);
        Assert.Equal("bad ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await node.VerifyAsync(altered));
        Assert.Null(await aspNet.VerifyAsync(altered));
        Assert.Null(await aspNet.VerifyAsync(feed));
        Assert.Null(await other.VerifyAsync(token));
        Assert.NotNull(await aspNet.VerifyAsync(token));
    }

    private static string KeyOf(Answer login) => Jwt.Parse(login.AccessToken).Header.GetProperty("kid").GetString()!;

    private async Task<Answer> LoginAsync() => (await _client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();

    private async Task<int> KeyCountAsync() =>
        (await _client.SendAsync(new(HttpMethod.Get, SessionClient.Api(".well-known/jwks.json")))).Json.GetProperty("keys").GetArrayLength();

    // As if forty days had passed.
    private async Task MakeKeysOldAsync()
    {
        var row = (await Tables.FindAsync(_security, "ring", "ring"))!;
        var ring = JsonNode.Parse(row.GetString("Keys"))!;
        foreach (var key in ring["signing"]!.AsArray().Concat(ring["mac"]!.AsArray()))
            key!["signsFrom"] = key["signsFrom"]!.GetValue<DateTimeOffset>().AddDays(-40);
        row["Keys"] = ring.ToJsonString();
        await _security.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }
}
