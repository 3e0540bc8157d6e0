#nullable disable annotations

using Azure.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Here nothing is sent: the real exporter comes with the official packages. It says so once, where it was asked for.</summary>
public static class AzureMonitorExporterExtensions
{
    private static int _told;

    /// <summary>Would send traces.</summary>
    public static TracerProviderBuilder AddAzureMonitorTraceExporter(
        this TracerProviderBuilder builder, Action<AzureMonitorExporterOptions> configure = null, TokenCredential credential = null, string name = null)
    {
        Tell();
        return builder;
    }

    /// <summary>Would send metrics.</summary>
    public static MeterProviderBuilder AddAzureMonitorMetricExporter(
        this MeterProviderBuilder builder, Action<AzureMonitorExporterOptions> configure = null, TokenCredential credential = null, string name = null)
    {
        Tell();
        return builder;
    }

    private static void Tell()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
            Console.Error.WriteLine("Nothing goes to Azure Monitor: its exporter needs the official packages (dotnet dev.cs --packages official).");
    }
}
