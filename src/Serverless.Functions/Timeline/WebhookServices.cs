using Microsoft.Extensions.Configuration;

namespace Serverless.Functions.Timeline;

/// <summary>Registers the webhook, if one is configured.</summary>
internal static class WebhookServices
{
    public static IServiceCollection AddSecurityWebhook(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SecurityWebhookOptions>(SecurityWebhookOptions.Section);
        // Without a URL there is no IWebhook, and nothing is delivered.
        if (configuration.GetSection(SecurityWebhookOptions.Section)[nameof(SecurityWebhookOptions.Url)] is { Length: > 0 })
        {
            services.AddSingleton<IWebhook>(provider => new SecurityWebhook(
                provider.GetRequiredService<IOptions<SecurityWebhookOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                PublicConnector.Usual));
        }

        return services;
    }
}
