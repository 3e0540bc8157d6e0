using System.Diagnostics;
using System.Net.Sockets;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace Serverless.Tables.Tests;

[Collection(nameof(TimedCollection))]
public sealed class TimeLimitTests
{
    private static readonly TimeSpan Try = TimeSpan.FromMilliseconds(300);

    // Where nothing hangs, a busy machine must not make it seem so.
    private static readonly TimeSpan LongTry = TimeSpan.FromSeconds(10);

    // Three tries and two pauses of at most 120 and 240 ms; the rest is for a busy machine. Without limits it would be minutes.
    private static readonly TimeSpan Limit = (3 * Try) + TimeSpan.FromSeconds(10);

    private int _tokensAskedFor;

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n")]
    public async Task A_server_that_never_finishes_its_answer_is_an_outage_after_three_tries(string beginning)
    {
        using var server = new SlowServer(beginning);
        using var azure = new AzureAccess(Options.Create(Settings));
        var settings = new StorageOptions
        {
            ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:{server.Port}/a;",
            NetworkTimeout = Try,
            CreateTables = false,
        };
        var requests = new CountingPolicy();
        var unreadable = new UnreadableRows(NullLogger<UnreadableRows>.Instance);
        var store = new TableSessionStore(
            new(Options.Create(settings), [new(requests, HttpPipelinePosition.BeforeTransport)], azure, unreadable));
        Assert.Equal(new(3, 0), await requests.CountAsync(() =>
            AssertOutageInTimeAsync(() => store.FindAsync(new UserId(0, default), SessionId.New(), default))));
    }

    [Theory]
    [InlineData("Retry-After", "2")]
    [InlineData("Retry-After", "Fri, 31 Dec 2027 23:59:59 GMT")]
    [InlineData("retry-after-ms", "1001")]
    [InlineData("x-ms-retry-after-ms", "2147483647")]
    public async Task A_service_that_asks_for_a_long_pause_is_not_asked_again(string header, string value)
    {
        var asked = 0;
        var transport = new Answers(_ =>
        {
            asked++;
            return new StubResponse(503, "").With(header, value);
        });
        await AssertOutageInTimeAsync(() => SendAsync(transport, Hanging(TimeSpan.Zero), LongTry));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_service_that_asks_for_a_short_pause_is_asked_again()
    {
        var asked = 0;
        var transport = new Answers(_ => ++asked < 3 ? new StubResponse(503, "").With("retry-after-ms", "10") : NotFound());
        Assert.Equal(Conflict.NotFound, (await SendAsync(transport, Hanging(TimeSpan.Zero), LongTry)).Conflict);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task An_identity_that_hangs_is_an_outage_and_sends_no_request()
    {
        var transport = new Answers(_ => throw new InvalidOperationException("A request was sent."));
        var outage = await AssertOutageInTimeAsync(() => SendAsync(transport, Hanging(Timeout.InfiniteTimeSpan)));
        Assert.Equal("Table storage can't be used right now: TimeoutException", outage.Message);
        Assert.Equal(1, _tokensAskedFor);
    }

    [Fact]
    public async Task An_identity_that_is_missing_is_an_outage_that_says_so()
    {
        var transport = new Answers(_ => throw new InvalidOperationException("A request was sent."));
        var missing = DelegatedTokenCredential.Create(
            (_, _) => throw new NotSupportedException(),
            (_, _) => throw new CredentialUnavailableException("None.", new AggregateException(new InvalidOperationException())));
        var outage = await AssertOutageInTimeAsync(() => SendAsync(transport, missing));
        Assert.Equal("Table storage can't be used right now: CredentialUnavailableException", outage.Message);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_takes_no_token_from_those_who_wait_for_the_same()
    {
        var client = Connect(new Answers(_ => NotFound()), Hanging(Try / 3), LongTry);
        using var hangsUp = new CancellationTokenSource();
        var first = StorageCall.SendAsync(client.GetEntityAsync<TableEntity>("p", "r", cancellationToken: hangsUp.Token), hangsUp.Token);
        var second = StorageCall.SendAsync(client.GetEntityAsync<TableEntity>("p", "r"), default);
        await hangsUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(Conflict.NotFound, (await second).Conflict);
        Assert.Equal(1, _tokensAskedFor);
    }

    private TokenCredential Hanging(TimeSpan time) => DelegatedTokenCredential.Create(
        (_, _) => throw new NotSupportedException(),
        async (_, _) =>
        {
            _tokensAskedFor++;
            await Task.Delay(time, CancellationToken.None);
            return new("a-token", DateTimeOffset.UtcNow.AddHours(1));
        });

    private static StubResponse NotFound() => new(404, """{"odata.error":{"code":"ResourceNotFound"}}""");

    private static StorageOptions Settings => new() { NetworkTimeout = Try };

    private static Task<StorageAnswer<Azure.Response<TableEntity>>> SendAsync(
        Answers transport, TokenCredential credential, TimeSpan? longest = null) =>
        StorageCall.SendAsync(Connect(transport, credential, longest ?? Try).GetEntityAsync<TableEntity>("p", "r"), default);

    private static TableClient Connect(Answers transport, TokenCredential credential, TimeSpan longest)
    {
        using var azure = new AzureAccess(Options.Create(Settings));
        var options = azure.Configure(new TableClientOptions(), new QuickRetries(2), longest);
        options.Transport = transport;
        return new(new("https://a.table.core.windows.net"), "Sessions", new TimedCredential(credential, longest), options);
    }

    private static async Task<StorageUnavailableException> AssertOutageInTimeAsync(Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var outage = await Assert.ThrowsAsync<StorageUnavailableException>(call);
        Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"It took {Stopwatch.GetElapsedTime(began)}.");
        return outage;
    }

    /// <summary>Answers each request with the beginning of an answer, and then with a byte now and then.</summary>
    private sealed class SlowServer : IDisposable
    {
        private static readonly TimeSpan Pause = Try / 6;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();

        public SlowServer(string beginning)
        {
            _listener.Start();
            _ = AcceptAsync(beginning);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _end.Cancel();
            _end.Dispose();
            _listener.Dispose();
        }

        private async Task AcceptAsync(string beginning)
        {
            while (true)
                _ = DripAsync(await _listener.AcceptTcpClientAsync(_end.Token), beginning);
        }

        private async Task DripAsync(TcpClient client, string beginning)
        {
            using (client)
            {
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), _end.Token);
                // Only a body can go on and on; anything else here would end the headers.
                var part = beginning.Contains("\r\n\r\n", StringComparison.Ordinal) ? " "u8.ToArray() : [];
                while (true)
                {
                    await Task.Delay(Pause, _end.Token);
                    await stream.WriteAsync(part, _end.Token);
                }
            }
        }
    }

    private sealed class Answers(Func<Request, Azure.Response> answer) : HttpPipelineTransport
    {
        public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();
        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            message.CancellationToken.ThrowIfCancellationRequested();
            message.Response = answer(message.Request);
            return default;
        }
    }
}
