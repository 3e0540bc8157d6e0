using Microsoft.Extensions.Configuration;

namespace Serverless.Functions;

internal static class FunctionServices
{
    /// <summary>Adds what the HTTP functions share: singletons that keep no request's state, or count all requests.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddSettings<NetworkOptions>("Network")
        .AddSettings<RateLimitOptions>("RateLimits")
        .AddSettings<RefreshCookieOptions>("Cookies")
        .AddSingleton<IValidateOptions<PasskeyOptions>, PasskeyRules>()
        .AddSingleton<RateLimits>()
        .AddSingleton<RefreshCookie>()
        .AddSingleton<LoginReply>()
        .AddSingleton<RefusedRefreshes>()
        .AddSingleton<FreshAuthentication>()
        .AddSingleton<Callers>();

    public static IServiceCollection AddLocations(this IServiceCollection services)
    {
        services.AddOptions<LocationRuleOptions>().Validate<IOptions<CaptchaOptions>>(
            (rules, captcha) => captcha.Value.Provider != CaptchaProvider.None
                || (rules.NewCountry != LoginReaction.Captcha && rules.ImpossibleTravel != LoginReaction.Captcha),
            $"Captcha__{nameof(CaptchaOptions.Provider)} must be set, since Location__{nameof(LocationRuleOptions.NewCountry)} or "
            + $"Location__{nameof(LocationRuleOptions.ImpossibleTravel)} is {LoginReaction.Captcha}, but is not.");
        return services
            .AddSettings<LocationOptions>("Location")
            .AddSingleton<LocationDatabase>()
            .AddSingleton<ILocationSource>(provider => provider.GetRequiredService<LocationDatabase>());
    }

    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PasswordOptions>().Validate<IHostEnvironment>(
            (options, environment) => environment.IsDevelopment() || !options.WeakHashes,
            $"Passwords__{nameof(PasswordOptions.WeakHashes)} must be false outside Development.");
        // Without a list there is no IBreachedPasswords, and only the length of a new password counts.
        if (configuration.GetSection("Passwords")[nameof(PasswordOptions.BreachedList)] is { Length: > 0 } list)
        {
            if (BreachedListAttribute.IsUrl(list))
                services.AddSingleton<IBreachedPasswords, BreachedRange>();
            else
            {
                services.AddSingleton<IBreachedPasswords, BreachedFile>();
                services.AddOptions<PasswordOptions>().Validate(
                    options => File.Exists(options.BreachedList),
                    $"Passwords__{nameof(PasswordOptions.BreachedList)} must be a file that exists, but {Setting.Show(list)} doesn't.");
            }
        }

        return services
            .AddSingleton<MailLimits>()
            .AddSingleton<OpenRegistration>()
            .AddSettings<RegistrationOptions>("Registration")
            .AddSettings<AdministratorOptions>("Administrator")
            .AddSettings<DemoOptions>("Demo")
            .AddSingleton<IValidateOptions<AdministratorOptions>, SeedRules>()
            .AddSingleton<IValidateOptions<DemoOptions>, SeedRules>()
            .AddHostedService<SeedAccounts>();
    }

    public static IServiceCollection AddCaptcha(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a provider there is no ICaptcha, and logins skip captchas. An unknown name fails the settings' validation.
        var name = configuration.GetSection("Captcha")[nameof(CaptchaOptions.Provider)];
        if (Enum.TryParse<CaptchaProvider>(name, ignoreCase: true, out var provider) && provider != CaptchaProvider.None)
            services.AddSingleton<ICaptcha, Siteverify>();
        return services.AddSettings<CaptchaOptions>("Captcha");
    }

    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a mail server there is no IEmailSender, and mails are dropped.
        var sends = configuration.GetSection("Email")[nameof(EmailOptions.SmtpHost)] is { Length: > 0 };
        if (sends)
            services.AddSingleton<MailTemplates>().AddSingleton<IEmailSender, SmtpSender>();
        services.AddOptions<AccountOptions>().Validate(
            options => sends || !options.VerifyEmail, "Email__SmtpHost must be set, since Accounts__VerifyEmail is true, but is not.");
        return services
            .AddSettings<EmailOptions>("Email")
            .AddSingleton<IValidateOptions<EmailOptions>, EmailRules>()
            .AddSingleton<IOutboxChannel, MailChannel>();
    }

    public static IServiceCollection AddPush(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a subject there is no IPushSender, and nothing is written or sent.
        if (configuration.GetSection("Push")[nameof(PushOptions.Subject)] is { Length: > 0 })
        {
            services.AddSingleton<IOutboxChannel, PushChannel>().AddSingleton<IPushSender>(
                provider => ActivatorUtilities.CreateInstance<WebPushSender>(
                    provider,
                    provider.GetRequiredService<IHostEnvironment>().IsDevelopment()
                        ? PublicConnector.OrThisMachine
                        : PublicConnector.Usual));
        }

        return services.AddSettings<PushOptions>("Push").AddSingleton<PushEndpoints>();
    }

    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSettings<TelemetryOptions>("Telemetry")
        .AddHostedService<TelemetryExport>();

    public static IServiceCollection AddSecurityWebhook(this IServiceCollection services, IConfiguration configuration)
    {
        // Without a URL there is no IWebhook, and nothing is sent.
        if (configuration.GetSection("SecurityWebhook")[nameof(SecurityWebhookOptions.Url)] is { Length: > 0 })
        {
            services.AddSingleton(PublicConnector.Usual).AddSingleton<IWebhook, SecurityWebhook>()
                .AddSingleton<IOutboxChannel, WebhookChannel>();
        }

        return services.AddSettings<SecurityWebhookOptions>("SecurityWebhook");
    }
}
