using Azure.Core.Pipeline;

namespace Serverless.Tables.Tests;

/// <summary>A key vault with one secret, as its answers show: challenges, versions, times in whole seconds, error codes.</summary>
internal sealed class StubVault(Uri address) : HttpPipelineTransport
{
    private const string Challenge =
        """Bearer authorization="https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47", resource="https://vault.azure.net" """;

    private readonly Lock _lock = new();
    private readonly List<(string Version, string Value, DateTimeOffset Created)> _versions = [];

    public Uri Address => address;

    public Queue<(int Status, string Body)> Failures { get; } = [];

    public Func<CancellationToken, Task> DuringWrite { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Values => [.. _versions.Select(version => version.Value)];

    public List<string> Requests { get; } = [];

    public void Set(string value)
    {
        lock (_lock)
            _versions.Add((Guid.NewGuid().ToString("N"), value, DateTimeOffset.UtcNow));
    }

    public override Request CreateRequest() => new HttpClientTransport().CreateRequest();
    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var request = message.Request;
        lock (_lock)
        {
            if (!request.Headers.TryGetValue("Authorization", out var authorization))
            {
                message.Response = new StubResponse(401, "").With("WWW-Authenticate", Challenge);
                return;
            }

            Assert.Equal("Bearer a-token", authorization);
            Requests.Add($"{request.Method} {request.Uri.Path}");
            if (Failures.TryDequeue(out var failure))
            {
                message.Response = new StubResponse(failure.Status, failure.Body);
                return;
            }
        }

        if (request.Method == RequestMethod.Put)
        {
            using var body = new MemoryStream();
            await request.Content!.WriteToAsync(body, message.CancellationToken);
            await DuringWrite(message.CancellationToken);
            Set((string)JsonNode.Parse(body.ToArray())!["value"]!);
        }

        lock (_lock)
            message.Response = Current();
    }

    private StubResponse Current()
    {
        if (_versions.Count == 0)
            return new(404, """{"error":{"code":"SecretNotFound","message":"A secret session-keys was not found."}}""");
        var (version, value, created) = _versions[^1];
        var body = new JsonObject
        {
            ["value"] = value,
            ["contentType"] = "application/json",
            ["id"] = $"{address}secrets/session-keys/{version}",
            ["attributes"] = new JsonObject { ["enabled"] = true, ["created"] = created.ToUnixTimeSeconds(), ["recoveryLevel"] = "Recoverable" },
        };
        return new(200, body.ToJsonString());
    }
}
