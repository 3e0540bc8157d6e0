namespace Serverless.Functions.Telemetry;

/// <summary>Where metrics and traces go. Without a destination nothing is collected.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    [Setting("the base address of an OpenTelemetry collector, which is sent OTLP over HTTP (port 4318 of most)",
        "you have a collector: `http://localhost:4318`")]
    [HttpUrl]
    public Uri? OtlpEndpoint { get; set; }

    [Setting("headers that go with each message", "it wants a key")]
    [RegularExpression("^([^=,\\s]+=[^,]*)(,[^=,\\s]+=[^,]*)*$", ErrorMessage = "{0} must be headers such as api-key=abc,tenant=42"), Sensitive]
    public string? OtlpHeaders { get; set; }

    [Setting("the Application Insights resource that metrics and traces go to", "you use Azure Monitor")]
    [RegularExpression("^(|.*InstrumentationKey=.+)$", ErrorMessage = "{0} must be a connection string of Application Insights"), Sensitive]
    public string? AzureMonitorConnectionString { get; set; }

    [Setting("whether that resource is sent to with the app's managed identity (role Monitoring Metrics Publisher)",
        "the resource takes no keys, as one of `infra/` does")]
    public bool AzureMonitorIdentity { get; set; }

    [Setting("the name of this deployment there", "several deployments send to one place")]
    [Required]
    public string ServiceName { get; set; } = "serverless-sessions";

    [Setting("how many of a hundred traces are kept, whatever callers ask for; metrics count everything", "traces cost too much")]
    [Range(0, 100)]
    public int SampledPercent { get; set; } = 100;

    /// <summary>Whether anything goes anywhere.</summary>
    internal bool AnyDestination => OtlpEndpoint is not null || !string.IsNullOrEmpty(AzureMonitorConnectionString);
}
