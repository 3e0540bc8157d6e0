using Microsoft.Extensions.Configuration;

namespace Serverless.Functions;

internal static class FunctionServices
{
    /// <summary>Adds what the HTTP functions share: singletons that keep no request's state, or count all requests.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddSettings<NetworkOptions>(NetworkOptions.Section)
        .AddSettings<RateLimitOptions>(RateLimitOptions.Section)
        .AddSettings<RefreshCookieOptions>(RefreshCookieOptions.Section)
        .AddSingleton<RateLimits>()
        .AddSingleton<RefreshCookie>()
        .AddSingleton<RefusedRefreshes>()
        .AddSingleton<Callers>();

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<PasswordOptions>().Validate<IHostEnvironment>(
            (options, environment) => environment.IsDevelopment() || options.Iterations >= PasswordOptions.SafeIterations,
            $"{PasswordOptions.Section}__{nameof(PasswordOptions.Iterations)} must be at least "
            + $"{PasswordOptions.SafeIterations} outside Development.");
        return services
            .AddSettings<RegistrationOptions>(RegistrationOptions.Section)
            .AddSettings<AdministratorOptions>(AdministratorOptions.Section)
            .AddSettings<DemoOptions>(DemoOptions.Section)
            .AddSingleton<IValidateOptions<AdministratorOptions>, SeedRules>()
            .AddSingleton<IValidateOptions<DemoOptions>, SeedRules>()
            .AddHostedService<SeedAccounts>();
    }

    public static IServiceCollection AddCaptcha(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a provider there is no ICaptcha, and logins skip captchas. An unknown name fails the settings' validation.
        var name = configuration.GetSection(CaptchaOptions.Section)[nameof(CaptchaOptions.Provider)];
        if (Enum.TryParse<CaptchaProvider>(name, ignoreCase: true, out var provider) && provider != CaptchaProvider.None)
            services.AddSingleton<ICaptcha, Siteverify>();
        return services.AddSettings<CaptchaOptions>(CaptchaOptions.Section);
    }

    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSettings<TelemetryOptions>(TelemetryOptions.Section)
        .AddHostedService<TelemetryExport>();

    public static IServiceCollection AddSecurityWebhook(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a URL there is no IWebhook, and nothing is delivered.
        if (configuration.GetSection(SecurityWebhookOptions.Section)[nameof(SecurityWebhookOptions.Url)] is { Length: > 0 })
            services.AddSingleton(PublicConnector.Usual).AddSingleton<IWebhook, SecurityWebhook>();
        return services.AddSettings<SecurityWebhookOptions>(SecurityWebhookOptions.Section);
    }
}
