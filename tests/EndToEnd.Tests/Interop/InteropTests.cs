using System.Diagnostics;
using EndToEnd.Tests.Commands;

namespace EndToEnd.Tests.Interop;

/// <summary>Two other services verify tokens from the discovery document alone, before, during and after a rotation.</summary>
public sealed class InteropTests(InteropTests.IssuingApp issuing) : IClassFixture<InteropTests.IssuingApp>
{
    private const string Audience = "end-to-end";

    private readonly OwnApp _app = issuing.App;

    private string Issuer => new Uri(_app.Process.BaseAddress, "api").ToString();

    [Fact]
    public async Task Tokens_are_verified_from_the_discovery_document_alone_across_a_rotation()
    {
        await using var node = new NodeService(Issuer, Audience);
        await using var aspNet = await AspNetService.StartAsync(Issuer, Audience);
        var first = await LoginAsync();
        await IsGoodAsync(first);

        await MakeKeysOldAsync();
        await _app.Client.RunTimerAsync("RotateSigningKeys");
        await Eventually.TrueAsync("the next key is published", async () =>
            (await _app.Client.GetAsync(".well-known/jwks.json")).Json.Items("keys").Count == 2);
        // The middleware doesn't ask again within a second.
        await Eventually.TrueAsync("the next key is known", async () => await aspNet.GetKeysAgainAsync() == 2);
        await IsGoodAsync(first);

        await MakeKeysOldAsync();
        var second = await Eventually.FindAsync("the next key signs", async () =>
            await LoginAsync() is var login && KeyOf(login) != KeyOf(first) ? login : null);
        await IsGoodAsync(second);
        await IsGoodAsync(first);
        (await _app.Client.RefreshAsync(first.RefreshToken)).IsOk();

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
        var feed = (await _app.Client.GetAsync("sessions/revocations")).Text;

        Assert.Equal("good 0", await node.VerifyAsync(feed, "revocations+jwt"));
        Assert.StartsWith("bad", await node.VerifyAsync(feed), StringComparison.Ordinal);
        Assert.Equal("bad ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await node.VerifyAsync(altered));
        Assert.Null(await aspNet.VerifyAsync(altered));
        Assert.Null(await aspNet.VerifyAsync(feed));
        Assert.Null(await other.VerifyAsync(token));
        Assert.NotNull(await aspNet.VerifyAsync(token));
    }

    [Fact]
    public async Task The_examples_of_a_fresh_proof_take_that_of_a_passkey_for_15_minutes()
    {
        var source = Path.Combine(RepositoryRoot.Path, "tests/EndToEnd.Tests/Interop/AspNetService.cs");
        Assert.Contains(FreshProofExample.OfAspNet, (await File.ReadAllTextAsync(source)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        await using var node = new NodeService(Issuer, Audience);
        await using var aspNet = await AspNetService.StartAsync(Issuer, Audience);

        var young = await ProvedAsync(minutes: 14, "swk,user");
        Assert.Equal(new(204, null, ""), await node.PayAsync(young));
        Assert.Equal(new(204, null, ""), await aspNet.PayAsync(young));
        foreach (var token in new[] { await ProvedAsync(minutes: 16, "swk,user"), await ProvedAsync(minutes: 14, "pwd") })
        {
            foreach (var refused in new[] { await node.PayAsync(token), await aspNet.PayAsync(token) })
            {
                var problem = JsonDocument.Parse(refused.Body).RootElement;
                Assert.Equal((401, "Bearer error=\"insufficient_user_authentication\", max_age=\"900\""), (refused.Status, refused.Challenge));
                // The client reads both, and steps up.
                Assert.Equal("insufficient_user_authentication", problem.Text("code"));
                Assert.NotEmpty(problem.Text("title"));
            }
        }

        async Task<string> ProvedAsync(int minutes, string methods)
        {
            var login = await LoginAsync();
            await _app.Tables.SetProofAsync(login, TimeSpan.FromMinutes(minutes), methods);
            return (await _app.Client.RefreshAsync(login.RefreshToken)).IsOk().AccessToken;
        }
    }

    [Fact]
    public async Task The_examples_of_the_README_verify_a_token()
    {
        var readme = DocumentedCommands.Read("README.md");
        Assert.Contains(
            string.Join('\n', ExampleOf("csharp").Split('\n').Select(line => $"        {line}")),
            DocumentedCommands.Read("tests/EndToEnd.Tests/Interop/AspNetService.cs"), StringComparison.Ordinal);
        Assert.Equal(DocumentedCommands.Read("src/client/example/api.js").TrimEnd(), ExampleOf("js"));

        var address = new Uri($"http://localhost:{FreePort.Next()}/orders");
        var start = new ProcessStartInfo("node", [Path.Combine(RepositoryRoot.Path, "src/client/example/api.js")]);
        foreach (var (name, value) in new[] { ("ISSUER", Issuer), ("AUDIENCE", Audience), ("PORT", $"{address.Port}") })
            start.Environment[name] = value;
        await using var node = new OverheardProcess(start);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var login = await LoginAsync();
        await Eventually.TrueAsync("the API answers", async () => await AnswerToAsync(login.AccessToken) is (HttpStatusCode.OK, var body)
            && body.Contains(login.UserId, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AnswerToAsync(login.RefreshToken)).Status);

        string ExampleOf(string language) => Regex.Match(readme, $"```{language}\n(.*?)\n```", RegexOptions.Singleline).Groups[1].Value;

        async Task<(HttpStatusCode? Status, string Body)> AnswerToAsync(string token)
        {
            try
            {
                using var request = SessionClient.WithBearer(new(HttpMethod.Get, address), token);
                using var response = await http.SendAsync(request);
                return (response.StatusCode, await response.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException)
            {
                return (null, "");
            }
        }
    }

    private static string KeyOf(Answer login) => Jwt.Parse(login.AccessToken).Header.Text("kid");
    private async Task<Answer> LoginAsync() => (await _app.Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();

    // As if forty days had passed.
    private async Task MakeKeysOldAsync()
    {
        var (row, ring) = await _app.Tables.KeysAsync();
        foreach (var key in ring["signing"]!.AsArray().Concat(ring["mac"]!.AsArray()))
            key!["signsFrom"] = key["signsFrom"]!.GetValue<DateTimeOffset>().AddDays(-40);
        row["Keys"] = ring.ToJsonString();
        await _app.Tables.Security.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }

    public sealed class IssuingApp : IAsyncLifetime
    {
        public OwnApp App { get; private set; } = null!;

        // Keys may be kept for a second, so an instance knows of a next one by then.
        public async Task InitializeAsync() =>
            App = await OwnApp.StartAsync(("Keys__JwksCacheLifetime", "00:00:01"), ("Feed__CacheLifetime", "00:01:00"));

        public async Task DisposeAsync()
        {
            await App.DisposeAsync();
            Overheard.IsClean(App.Process.Output);
        }
    }
}
