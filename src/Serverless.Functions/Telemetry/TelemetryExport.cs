using System.Reflection;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Serverless.Functions.Telemetry;

/// <summary>Exports metrics and traces where the settings say. Without a destination, OpenTelemetry isn't even loaded.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService
{
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AnyDestination)
            Open(options.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Flushes both.
        _traces?.Dispose();
        _metrics?.Dispose();
        return Task.CompletedTask;
    }

    private void Open(TelemetryOptions settings)
    {
        var traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Describe(resource, settings)).AddSource(SessionMetrics.Name);
        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Describe(resource, settings))
            // The second is the runtime's own: memory, garbage collections, threads.
            .AddMeter(SessionMetrics.Name, "System.Runtime");
        if (settings.OtlpEndpoint is { } endpoint)
        {
            traces.AddOtlpExporter(otlp => Address(otlp, settings, endpoint, "v1/traces"));
            metrics.AddOtlpExporter(otlp => Address(otlp, settings, endpoint, "v1/metrics"));
        }

        if (settings.AzureMonitorConnectionString is { Length: > 0 } connectionString)
        {
            var identity = settings.AzureMonitorIdentity ? new DefaultAzureCredential() : null;
            traces.AddAzureMonitorTraceExporter(monitor => monitor.ConnectionString = connectionString, identity);
            metrics.AddAzureMonitorMetricExporter(monitor => monitor.ConnectionString = connectionString, identity);
        }

        // Ignores the caller's sampling decision: anyone may call, and hosts that don't trace pass on one of their own. The last sampler
        // counts, and the exporter to Azure Monitor sets its own, of five traces a second.
        var some = new TraceIdRatioBasedSampler(settings.SampledPercent / 100.0);
        _traces = traces.SetSampler(new ParentBasedSampler(some, remoteParentSampled: some, remoteParentNotSampled: some)).Build();
        _metrics = metrics.Build();
    }

    private static void Describe(ResourceBuilder resource, TelemetryOptions settings) => resource.AddService(
        settings.ServiceName,
        serviceVersion: typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    // Over HTTP each signal has its own path, which the exporter doesn't append to an endpoint set in code.
    private static void Address(OtlpExporterOptions otlp, TelemetryOptions settings, Uri endpoint, string path)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        otlp.Headers = settings.OtlpHeaders;
    }
}
