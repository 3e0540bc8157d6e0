namespace Serverless.Functions.Http;

/// <summary>Puts together what the HTTP functions share.</summary>
internal static class HttpServices
{
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddSettings<NetworkOptions>(NetworkOptions.Section);
        services.AddSettings<RateLimitOptions>(RateLimitOptions.Section);
        // One for all requests: it counts them.
        services.AddSingleton<RateLimits>();
        services.AddSettings<RefreshCookieOptions>(RefreshCookieOptions.Section);
        services.AddSingleton<RefreshCookie>();
        // One for all requests, too.
        services.AddSingleton<RefusedRefreshes>();
        // Without state of a request: what belongs to one is an argument.
        services.AddSingleton<Callers>();
        return services;
    }
}
