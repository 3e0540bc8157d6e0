using Azure.Identity;
using Microsoft.Extensions.Hosting;

namespace Serverless.Tables.Storage;

/// <summary>The connections and the identity that all Azure clients of the process share.</summary>
internal sealed class AzureAccess : IDisposable
{
    private readonly Lazy<TokenCredential> _credential;

    public AzureAccess(IOptions<StorageOptions> options, IHostEnvironment? environment = null)
    {
        var timeout = options.Value.NetworkTimeout;
        var handler = new SocketsHttpHandler
        {
            // An instance serves hundreds of requests at a time, and a read of the timeline alone sends one for each shard. The
            // platform allows an instance 600 connections.
            MaxConnectionsPerServer = 256,
            // A storage account that fails over keeps its name and changes its address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = timeout,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        // The pipeline limits each try; the limit of HttpClient would be one more, for the headers alone.
        Transport = new(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
        _credential = new(() => new TimedCredential(CreateCredential(timeout, environment?.IsDevelopment() == true), timeout));
    }

    public HttpClientTransport Transport { get; }
    public TokenCredential Credential => _credential.Value;

    /// <summary>Configures a client to use these connections and time limits, without the diagnostics of the SDK:
    /// <see cref="StorageTelemetry"/> measures requests, and responses hold secrets.</summary>
    public T Configure<T>(T options, QuickRetries retries, TimeSpan timeout)
        where T : ClientOptions
    {
        options.Transport = Transport;
        options.RetryPolicy = retries;
        options.Retry.NetworkTimeout = timeout;
        Silence(options.Diagnostics);
        options.AddPolicy(new WholeAnswer(), HttpPipelinePosition.BeforeTransport);
        return options;
    }

    public void Dispose() => Transport.Dispose();

    // Outside Development only the environment, workload identity and managed identity: the chain would otherwise start the
    // command lines that developers log in with, for seconds each, while a request waits. AZURE_TOKEN_CREDENTIALS overrides this.
    private DefaultAzureCredential CreateCredential(TimeSpan timeout, bool development)
    {
        var options = new DefaultAzureCredentialOptions
        {
            Transport = Transport,
            Retry = { NetworkTimeout = timeout },
            ExcludeVisualStudioCredential = !development,
            ExcludeVisualStudioCodeCredential = !development,
            ExcludeAzureCliCredential = !development,
            ExcludeAzurePowerShellCredential = !development,
            ExcludeAzureDeveloperCliCredential = !development,
            ExcludeBrokerCredential = true,
        };
        Silence(options.Diagnostics);
        return new(options);
    }

    private static void Silence(DiagnosticsOptions diagnostics)
    {
        diagnostics.IsLoggingEnabled = false;
        diagnostics.IsTelemetryEnabled = false;
        diagnostics.IsDistributedTracingEnabled = false;
    }
}
