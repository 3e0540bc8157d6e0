using Microsoft.Extensions.Configuration;

namespace Serverless.Functions.Login;

/// <summary>Registers the captcha provider, if one is configured.</summary>
internal static class CaptchaServices
{
    public static IServiceCollection AddCaptcha(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CaptchaOptions>(CaptchaOptions.Section);
        // Without a provider there is no ICaptcha, and logins skip captchas. An unknown name fails the validation of the settings.
        var name = configuration.GetSection(CaptchaOptions.Section)[nameof(CaptchaOptions.Provider)];
        if (Enum.TryParse<CaptchaProvider>(name, ignoreCase: true, out var provider) && provider != CaptchaProvider.None)
            services.AddSingleton<ICaptcha, Siteverify>();
        return services;
    }
}
