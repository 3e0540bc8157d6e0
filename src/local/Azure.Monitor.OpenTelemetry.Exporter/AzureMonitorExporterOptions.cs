#nullable disable annotations

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Where telemetry would go.</summary>
public class AzureMonitorExporterOptions
{
    /// <summary>The connection string of an Application Insights resource.</summary>
    public string ConnectionString { get; set; }
}
