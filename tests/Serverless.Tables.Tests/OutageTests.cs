using Azure.Core.Pipeline;

namespace Serverless.Tables.Tests;

/// <summary>What storage does in trouble is an outage and never a verdict.</summary>
[Collection(nameof(TableFixture))]
public sealed class OutageTests(TableFixture fixture)
{
    private readonly string _prefix = TableFixture.NewPrefix();

    [Fact]
    public async Task A_server_that_nobody_answers_for_is_an_outage()
    {
        var store = Connect("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/a;");
        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => FindAsync(store));
        Assert.EndsWith(": SocketException ConnectionRefused", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_an_outage_and_the_message_holds_no_key()
    {
        var wrong = fixture.Azurite.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=AAAA", StringComparison.Ordinal);
        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => FindAsync(Connect(wrong)));
        Assert.DoesNotContain("AAAA", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_status_of_trouble_is_an_outage(int status)
    {
        var store = Connect(fixture.Azurite.ConnectionString, new AnswerPolicy(status));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => FindAsync(store));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.ListAsync(default, default));
    }

    [Fact]
    public async Task A_missing_table_is_no_missing_session_and_is_made_again()
    {
        var store = Connect(fixture.Azurite.ConnectionString);
        Assert.Null(await FindAsync(store));
        await new TableClient(fixture.Azurite.ConnectionString, _prefix + "Sessions").DeleteAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => FindAsync(store));
        Assert.Null(await FindAsync(store));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_outage()
    {
        var store = Connect(fixture.Azurite.ConnectionString);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FindAsync(default, default, new(canceled: true)));
    }

    private static Task<StoredSession?> FindAsync(TableSessionStore store) => store.FindAsync(new UserId(0, default), SessionId.New(), default);

    private TableSessionStore Connect(string connectionString, HttpPipelinePolicy? policy = null)
    {
        var options = Options.Create(new StorageOptions { ConnectionString = connectionString, TablePrefix = _prefix });
        IEnumerable<StoragePolicy> policies = policy is null ? [] : [new(policy, HttpPipelinePosition.PerRetry)];
        return new(new(options, policies, fixture.Azure, new(NullLogger<UnreadableRows>.Instance)));
    }

    private sealed class AnswerPolicy(int status) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            if (!message.Request.Uri.Path.Contains("/Tables", StringComparison.Ordinal))
                message.Response = new StubResponse(status, "");
        }
    }
}
