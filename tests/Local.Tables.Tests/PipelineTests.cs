using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

public sealed class PipelineTests
{
    private static readonly Uri Endpoint = new("https://account.table.core.windows.net");
    private static readonly TableSharedKeyCredential Key = new("account", Convert.ToBase64String(new byte[32]));

    [Fact]
    public async Task A_503_is_tried_again()
    {
        var network = new StubHandler(request => StubHandler.Status(request < 3 ? 503 : 204));

        await new TableClient(Endpoint, "t", Key, network.Options).AddEntityAsync(new TableEntity("p", "r") { ["A"] = "ä" });

        Assert.Equal(3, network.Requests.Count);
        Assert.All(network.Bodies, body => Assert.Equal("""{"PartitionKey":"p","RowKey":"r","A":"\u00E4"}""", body));
    }

    [Fact]
    public async Task A_transaction_is_tried_again_as_a_whole()
    {
        var network = new StubHandler(request => StubHandler.Status(request < 2 ? 503 : 400));
        var actions = new[] { new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", "r")) };

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableClient(Endpoint, "t", Key, network.Options).SubmitTransactionAsync(actions));

        Assert.Equal(400, failure.Status);
        Assert.Equal(2, network.Requests.Count);
        Assert.Equal(network.Bodies[0], network.Bodies[1]);
    }

    [Fact]
    public async Task Nothing_is_tried_again_where_the_options_say_so()
    {
        var network = new StubHandler(_ => StubHandler.Status(503));
        var options = network.Options;
        options.Retry.MaxRetries = 0;

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableClient(Endpoint, "t", Key, options).GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(503, failure.Status);
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task A_conflict_is_not_tried_again()
    {
        var network = new StubHandler(_ => StubHandler.Json(
            409, """{"odata.error":{"code":"EntityAlreadyExists","message":{"lang":"en-US","value":"It exists."}}}"""));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableClient(Endpoint, "t", Key, network.Options).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal("EntityAlreadyExists", failure.ErrorCode);
        Assert.Contains("It exists.", failure.Message, StringComparison.Ordinal);
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task An_error_that_isnt_the_table_services_keeps_its_status()
    {
        var network = new StubHandler(_ => StubHandler.Json(400, "<html>proxy</html>"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableClient(Endpoint, "t", Key, network.Options).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((400, null), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_table_that_is_being_deleted_is_no_table_that_exists()
    {
        var network = new StubHandler(_ => StubHandler.Json(
            409, """{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"Try later."}}}"""));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new TableClient(Endpoint, "t", Key, network.Options).CreateIfNotExistsAsync());

        Assert.Equal((409, "TableBeingDeleted"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task Policies_run_once_a_call_or_once_a_try()
    {
        var network = new StubHandler(request => StubHandler.Status(request < 2 ? 503 : 204));
        var (perCall, perRetry) = (new CountingPolicy(), new CountingPolicy());
        var options = network.Options;
        options.AddPolicy(perCall, HttpPipelinePosition.PerCall);
        options.AddPolicy(perRetry, HttpPipelinePosition.PerRetry);

        await new TableServiceClient(Endpoint, Key, options).GetTableClient("t").UpsertEntityAsync(new TableEntity("p", "r"));

        Assert.Equal((1, 2), (perCall.Count, perRetry.Count));
    }

    [Fact]
    public async Task A_token_of_the_audience_is_sent()
    {
        var network = new StubHandler(_ => StubHandler.Status(204));
        var (credential, other) = (new FixedCredential(), new FixedCredential());
        var elsewhere = network.Options;
        elsewhere.Audience = TableAudience.AzureGovernment;

        await new TableClient(Endpoint, "t", credential, network.Options).AddEntityAsync(new TableEntity("p", "r"));
        await new TableServiceClient(Endpoint, other, elsewhere).DeleteTableAsync("t");

        Assert.All(network.Requests, request => Assert.Equal("Bearer the-token", $"{request.Headers.Authorization}"));
        Assert.Equal("https://storage.azure.com/.default", Assert.Single(credential.Scopes));
        Assert.Equal("https://storage.azure.us/.default", Assert.Single(other.Scopes));
    }

    [Fact]
    public async Task A_token_is_never_sent_in_the_clear()
    {
        var network = new StubHandler(_ => StubHandler.Status(204));
        var clear = new Uri("http://account.table.core.windows.net");
        var client = new TableClient(clear, "t", new FixedCredential(), network.Options);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.DeleteEntityAsync("p", "r"));

        Assert.Empty(network.Requests);
    }

    [Fact]
    public async Task Requests_have_the_url_and_headers_of_the_protocol()
    {
        var network = new StubHandler(_ => StubHandler.Status(204));
        var client = new TableClient(Endpoint, "t", Key, network.Options);

        await client.AddEntityAsync(new TableEntity("p", "r"));
        await client.UpdateEntityAsync(new TableEntity("a b", "it's/100%"), ETag.All);

        var (insert, merge) = (network.Requests[0], network.Requests[1]);
        Assert.Equal("https://account.table.core.windows.net/t", insert.RequestUri!.AbsoluteUri);
        Assert.Equal("return-no-content", Assert.Single(insert.Headers.GetValues("Prefer")));
        Assert.Equal("2020-12-06", Assert.Single(insert.Headers.GetValues("x-ms-version")));
        Assert.StartsWith("SharedKeyLite account:", $"{insert.Headers.Authorization}", StringComparison.Ordinal);
        Assert.Equal(
            "https://account.table.core.windows.net/t(PartitionKey='a%20b',RowKey='it%27%27s%2F100%25')",
            merge.RequestUri!.AbsoluteUri);
        Assert.Equal("PATCH", merge.Method.Method);
        Assert.Equal("*", Assert.Single(merge.Headers.GetValues("If-Match")));
    }

    private sealed class CountingPolicy : HttpPipelineSynchronousPolicy
    {
        public int Count { get; private set; }

        public override void OnSendingRequest(HttpMessage message) => Count++;
    }

    private sealed class FixedCredential : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("the-token", TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
