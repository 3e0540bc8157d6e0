namespace Serverless.Tables.Storage;

/// <summary>Creates the tables before the first request, and again when storage reports that one is missing.</summary>
internal sealed class TablePreparation(TableServiceClient service, IReadOnlyList<string> names) : HttpPipelinePolicy
{
    private readonly Lock _changing = new();
    private Task? _tables;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await PrepareAsync().WaitAsync(message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
        if (!TableIsMissing(message.Response))
            return;
        // The next request creates the tables again.
        lock (_changing)
        {
            if (_tables is { IsCompleted: true })
                _tables = null;
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Tables are used asynchronously.");

    // All waiting callers share a failure, and the next request tries again. A caller that hangs up doesn't cancel it.
    private Task PrepareAsync()
    {
        lock (_changing)
        {
            if (_tables is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _tables = Detached.Start(
                    TimeProvider.System, token => Task.WhenAll(names.Select(name => service.CreateTableIfNotExistsAsync(name, token))));
            }

            return _tables;
        }
    }

    // A transaction answers 202, with the failure in its body.
    private static bool TableIsMissing(Response response) =>
        response.Status is 404 or 202
        && response.ContentStream is MemoryStream body
        && body.TryGetBuffer(out var bytes)
        && bytes.AsSpan().IndexOf("TableNotFound"u8) >= 0;
}
