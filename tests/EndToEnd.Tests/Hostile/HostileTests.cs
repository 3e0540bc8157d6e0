using Xunit.Abstractions;

namespace EndToEnd.Tests.Hostile;

/// <summary>Whatever is sent: no 5xx, no fault in the log, no leak. HOSTILE_SEED repeats a run.</summary>
public sealed class HostileTests(HostileTests.Target target, ITestOutputHelper output) : IClassFixture<HostileTests.Target>
{
    private static readonly string[] Reached =
    [
        "200", "400 invalid_request", "401 token_invalid", "401 session_ended", "403 forbidden", "404 not_found",
        "405 method_not_allowed", "413 payload_too_large", "415 unsupported_media_type",
    ];

    private const int Batch = 500;
    private const int Connections = 4;
    private const long MostMemoryKept = 48 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, int> _seen = [];

    private SessionClient Client => target.Own.Client;
    private AppProcess App => target.Own.Process;

    private static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HOSTILE_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    [Fact]
    public Task Requests_that_are_no_longer_right_are_refused_and_leave_nothing_behind() => RefuseAsync(requests: 4_000);

    [Fact]
    [Trait("Run", "nightly")]
    public Task Twenty_thousand_requests_that_are_no_longer_right_leave_nothing_behind() => RefuseAsync(requests: 20_000, "429 account_locked");

    // Five wrong passwords of one email take many requests.
    private async Task RefuseAsync(int requests, params string[] alsoReached)
    {
        var before = 0L;
        for (var sent = 0; sent < requests; sent += Batch)
        {
            // Some of them end sessions, so there are new ones for each batch.
            var logins = await LogInAsync(4);
            var generator = new RequestGenerator(
                Seed, [.. logins.Select(login => login.AccessToken)], [.. logins.Select(login => login.RefreshToken)]);
            await SendAsync(generator, sent, sent + Batch);
            if (sent <= requests / 4)
                before = App.Worker.WorkingSet64;
        }

        foreach (var (answer, count) in _seen.OrderByDescending(each => each.Value))
            output.WriteLine($"{count,7} {answer}");
        Assert.Empty(Reached.Concat(alsoReached).Except(_seen.Keys));
        Overheard.IsClean(App.Output);
        Assert.InRange(App.Worker.WorkingSet64 - before, long.MinValue, MostMemoryKept);
        (await Client.StatusAsync((await LogInAsync(1))[0].AccessToken)).IsOk();
    }

    [Fact]
    public async Task A_token_with_any_character_changed_is_refused()
    {
        var login = (await LogInAsync(1))[0];
        for (var at = 0; at < login.AccessToken.Length; at++)
            (await Client.StatusAsync(Changed(login.AccessToken, at))).IsProblem(401, "token_invalid");
        for (var at = 0; at < login.RefreshToken.Length; at++)
            (await Client.RefreshAsync(Changed(login.RefreshToken, at))).IsProblem(401, "token_invalid");
        (await Client.StatusAsync(login.AccessToken)).IsOk();
        (await Client.RefreshAsync(login.RefreshToken)).IsOk();
    }

    // Another character of the same alphabet, in the highest of its six bits: the lowest of the last one may mean nothing.
    private static string Changed(string token, int at)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var value = Alphabet.IndexOf(token[at], StringComparison.Ordinal);
        return $"{token[..at]}{(value < 0 ? 'A' : Alphabet[value ^ 32])}{token[(at + 1)..]}";
    }

    private async Task<List<Answer>> LogInAsync(int count)
    {
        var logins = new List<Answer>();
        while (logins.Count < count)
            logins.Add((await Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk());
        return logins;
    }

    private Task SendAsync(RequestGenerator generator, int from, int to) => Task.WhenAll(Enumerable.Range(0, Connections).Select(async worker =>
    {
        using var connection = new RawConnection(App.BaseAddress);
        for (var number = from + worker; number < to; number += Connections)
        {
            var request = generator.Create(number);
            var answer = await connection.SendAsync(request);
            _seen.AddOrUpdate(answer?.Name ?? "no answer", 1, (_, count) => count + 1);
            Assert.True(answer?.Fault is null, $"Seed {Seed}, request {number}: {answer?.Fault}\n{request}");
        }
    }));

    public sealed class Target : IAsyncLifetime
    {
        public OwnApp Own { get; private set; } = null!;

        public async Task InitializeAsync() => Own = await OwnApp.StartAsync(("Sessions__Grace", "00:00:01"));
        public async Task DisposeAsync() => await Own.DisposeAsync();
    }
}
