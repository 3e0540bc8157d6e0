namespace Serverless.Functions.Telemetry;

/// <summary>Adds what watches invocations and what sends it away.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        // One for all invocations: it holds the instruments.
        services.AddSingleton<InvocationMetrics>();
        services.AddHostedService<TelemetryExport>();
        return services;
    }
}
