namespace Serverless.Functions.Telemetry;

public sealed class TelemetryOptions
{
    [Setting("the base address of an OpenTelemetry collector, for OTLP over HTTP (usually port 4318)",
        "you have a collector: `http://localhost:4318`"), HttpsUrl(OrHttp = true)]
    public Uri? OtlpEndpoint { get; set; }

    [Setting("headers of each export", "the collector requires a key")]
    [RegularExpression("^([^=,\\s]+=[^,]*)(,[^=,\\s]+=[^,]*)*$",
        ErrorMessage = "{0} must be headers such as api-key=abc,tenant=42"), Sensitive]
    public string? OtlpHeaders { get; set; }

    [Setting("the Application Insights resource for metrics and traces", "you use Azure Monitor")]
    [RegularExpression("^(|.*InstrumentationKey=.+)$", ErrorMessage = "{0} must be a connection string of Application Insights"), Sensitive]
    public string? AzureMonitorConnectionString { get; set; }

    [Setting("whether the app's managed identity authenticates there (role Monitoring Metrics Publisher)",
        "the resource accepts no keys, like that of `infra/`")]
    public bool AzureMonitorIdentity { get; set; }

    [Setting("the service name in metrics and traces", "several deployments share a destination"), Required]
    public string ServiceName { get; set; } = "serverless-sessions";

    [Setting("the percentage of traces to keep, whatever callers ask for; metrics count everything",
        "traces cost too much"), Range(0, 100)]
    public int SampledPercent { get; set; } = 100;

    internal bool AnyDestination => OtlpEndpoint is not null || !string.IsNullOrEmpty(AzureMonitorConnectionString);
}
