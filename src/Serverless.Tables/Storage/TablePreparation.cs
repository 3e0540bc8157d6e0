using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Serverless.Sessions.Storage;

namespace Serverless.Tables.Storage;

/// <summary>
/// Makes the tables before the first request that needs them, and again should storage say that one is gone. As a policy of
/// the pipeline it waits in one place for all calls, and costs a finished task once the tables are there.
/// </summary>
internal sealed class TablePreparation(TableServiceClient service, IReadOnlyList<string> names) : HttpPipelinePolicy
{
    private readonly Lock _changing = new();
    private Task? _tables;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await PrepareAsync().WaitAsync(message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
        if (TableIsMissing(message.Response))
            Forget();
    }

    // The stores only make asynchronous calls.
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Tables are used asynchronously.");

    // A failure is shared by those who wait for it, and the next request tries again. Who hangs up doesn't call it off.
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

    // The tables are made again before the next request.
    private void Forget()
    {
        lock (_changing)
        {
            if (_tables is { IsCompleted: true })
                _tables = null;
        }
    }

    // A transaction is accepted (202) and says in its body what failed.
    private static bool TableIsMissing(Response response) =>
        response.Status is 404 or 202
        && response.ContentStream is MemoryStream body
        && body.TryGetBuffer(out var bytes)
        && bytes.AsSpan().IndexOf("TableNotFound"u8) >= 0;
}
