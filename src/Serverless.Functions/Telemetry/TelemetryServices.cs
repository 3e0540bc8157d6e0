namespace Serverless.Functions.Telemetry;

/// <summary>Registers the telemetry of invocations and its export.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        // Singleton: it holds the instruments.
        services.AddSingleton<InvocationMetrics>();
        services.AddHostedService<TelemetryExport>();
        return services;
    }
}
