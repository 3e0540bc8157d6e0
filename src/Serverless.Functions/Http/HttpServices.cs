namespace Serverless.Functions.Http;

/// <summary>Registers what the HTTP functions share.</summary>
internal static class HttpServices
{
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddSettings<NetworkOptions>(NetworkOptions.Section);
        services.AddSettings<RateLimitOptions>(RateLimitOptions.Section);
        // Singleton: it counts the requests of all callers.
        services.AddSingleton<RateLimits>();
        services.AddSettings<RefreshCookieOptions>(RefreshCookieOptions.Section);
        services.AddSingleton<RefreshCookie>();
        // Singleton: it counts refusals.
        services.AddSingleton<RefusedRefreshes>();
        // Singleton: it holds no state of a request.
        services.AddSingleton<Callers>();
        return services;
    }
}
