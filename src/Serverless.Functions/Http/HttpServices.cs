using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Functions.Http;

/// <summary>Puts together what the HTTP functions share.</summary>
internal static class HttpServices
{
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddOptions<NetworkOptions>().BindConfiguration(NetworkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // One for all requests: it counts them.
        services.AddSingleton<RateLimits>();
        services.AddOptions<RefreshCookieOptions>()
            .BindConfiguration(RefreshCookieOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RefreshCookie>();
        // Without state of a request: what belongs to one is an argument.
        services.AddSingleton<Callers>();
        return services;
    }
}
