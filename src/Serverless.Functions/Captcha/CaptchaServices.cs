using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Sessions.Captcha;

namespace Serverless.Functions.Captcha;

/// <summary>Adds the provider of captchas, where one is configured.</summary>
internal static class CaptchaServices
{
    public static IServiceCollection AddCaptcha(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CaptchaOptions>().BindConfiguration(CaptchaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // Without a provider there is no ICaptcha, and logins do nothing for it.
        if ((configuration.GetSection(CaptchaOptions.Section).Get<CaptchaOptions>() ?? new()).Provider != CaptchaProvider.None)
            services.AddSingleton<ICaptcha, Siteverify>();
        return services;
    }
}
