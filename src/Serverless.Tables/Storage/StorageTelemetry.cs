using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActivityKind = System.Diagnostics.ActivityKind;

namespace Serverless.Tables.Storage;

/// <summary>Records a span and a duration for each try of a storage request, named by OpenTelemetry's semantic conventions for
/// databases, with the table but no keys, which hold user ids.</summary>
internal sealed class StorageTelemetry(IMeterFactory meters, TimeProvider clock) : HttpPipelinePolicy
{
    // The boundaries that the conventions advise, in seconds.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] };

    private readonly Histogram<double> _duration = meters.Create(SessionMetrics.Name).CreateHistogram(
        "db.client.operation.duration", "s", "Duration of requests to table storage.", tags: null, Seconds);

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        _duration.Enabled || SessionMetrics.Source.HasListeners() ? ObserveAsync(message, pipeline) : ProcessNextAsync(message, pipeline);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Tables are used asynchronously.");

    private async ValueTask ObserveAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var (operation, table) = Describe(message.Request.Method, message.Request.Uri.Path);
        using var span = SessionMetrics.Source.StartActivity(table is null ? operation : $"{operation} {table}", ActivityKind.Client);
        var began = clock.GetTimestamp();
        string? error = null;
        try
        {
            await ProcessNextAsync(message, pipeline);
            // A missing or changed row is an expected answer.
            if (message.Response.Status is >= 500 or 429)
                error = $"{message.Response.Status}";
        }
        catch (Exception exception)
        {
            error = exception.GetType().FullName;
            throw;
        }
        finally
        {
            var tags = new TagList { { "db.system.name", "azure.tables" }, { "db.operation.name", operation } };
            if (table is not null)
                tags.Add("db.collection.name", table);
            if (error is not null)
                tags.Add("error.type", error);
            _duration.Record(clock.GetElapsedTime(began).TotalSeconds, tags);
            foreach (var (name, value) in tags)
                span?.SetTag(name, value);
            if (error is not null)
                span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>A transaction names its table only in its body.</summary>
    internal static (string Operation, string? Table) Describe(RequestMethod method, string path)
    {
        // The keys follow the table in parentheses.
        var end = path.AsSpan().IndexOfAny('(', '?');
        var address = end < 0 ? path : path[..end];
        return address[(address.LastIndexOf('/') + 1)..] switch
        {
            "$batch" => ("transaction", null),
            "Tables" => ("create_table", null),
            var table => (method.Method, table),
        };
    }
}
