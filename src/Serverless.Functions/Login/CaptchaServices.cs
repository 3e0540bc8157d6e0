using Microsoft.Extensions.Configuration;

namespace Serverless.Functions.Login;

/// <summary>Adds the provider of captchas, where one is configured.</summary>
internal static class CaptchaServices
{
    public static IServiceCollection AddCaptcha(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CaptchaOptions>(CaptchaOptions.Section);
        // Without a provider there is no ICaptcha, and logins do nothing for it. A name that isn't known stops the start later.
        var name = configuration.GetSection(CaptchaOptions.Section)[nameof(CaptchaOptions.Provider)];
        if (Enum.TryParse<CaptchaProvider>(name, ignoreCase: true, out var provider) && provider != CaptchaProvider.None)
            services.AddSingleton<ICaptcha, Siteverify>();
        return services;
    }
}
