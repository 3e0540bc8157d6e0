using Serverless.Sessions.Settings;

namespace Serverless.Functions.Telemetry;

/// <summary>Where metrics and traces go. Section <c>Telemetry</c>. Without a destination nothing is collected.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>The base address of an OpenTelemetry collector.</summary>
    /// <value>An http or https URL, such as http://localhost:4318. Default none.</value>
    [HttpUrl]
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How the collector is spoken to.</summary>
    /// <value>HttpProtobuf (a collector's port 4318) or Grpc (4317). Default HttpProtobuf.</value>
    public OtlpProtocol OtlpProtocol { get; set; }

    /// <summary>What the collector wants to see in every request, such as a key.</summary>
    /// <value>Header names and values, such as api-key=abc,tenant=42. Default none.</value>
    [Sensitive, RegularExpression("^([^=,\\s]+=[^,]*)(,[^=,\\s]+=[^,]*)*$", ErrorMessage = "{0} must be headers such as api-key=abc,tenant=42")]
    public string? OtlpHeaders { get; set; }

    /// <summary>The Application Insights resource that metrics and traces go to.</summary>
    /// <value>A connection string of Application Insights. Default none.</value>
    [Sensitive, RegularExpression("^(|.*InstrumentationKey=.+)$", ErrorMessage = "{0} must be a connection string of Application Insights")]
    public string? AzureMonitorConnectionString { get; set; }

    /// <summary>Whether that resource is sent to with the app's managed identity, as it must be where it takes no keys.</summary>
    /// <value>Default false.</value>
    public bool AzureMonitorIdentity { get; set; }

    /// <summary>Under which name this deployment is seen.</summary>
    /// <value>Default serverless-sessions.</value>
    [Required]
    public string ServiceName { get; set; } = "serverless-sessions";

    /// <summary>How many of a hundred traces are kept, by their ids and whatever callers ask for.</summary>
    /// <value>Percent, 0 to 100. Default 100.</value>
    [Range(0, 100)]
    public int SampledPercent { get; set; } = 100;

    /// <summary>Whether anything goes anywhere.</summary>
    internal bool AnyDestination => OtlpEndpoint is not null || !string.IsNullOrEmpty(AzureMonitorConnectionString);
}

/// <summary>The two ways of OTLP to a collector.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf over HTTP/1.1.</summary>
    HttpProtobuf,

    /// <summary>gRPC over HTTP/2.</summary>
    Grpc,
}
