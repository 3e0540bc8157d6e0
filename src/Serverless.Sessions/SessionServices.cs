using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Administration;
using Serverless.Sessions.Captcha;
using Serverless.Sessions.Devices;
using Serverless.Sessions.Expiry;
using Serverless.Sessions.Presence;
using Serverless.Sessions.Readiness;
using Serverless.Sessions.Revocations;
using Serverless.Sessions.SuspiciousIps;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions;

/// <summary>Puts the rules and use cases together.</summary>
public static class SessionServices
{
    /// <summary>Adds everything but the stores. All of it is without state of a request, so one instance serves all.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KeysOptions>().BindConfiguration(KeysOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FeedOptions>().BindConfiguration(FeedOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PasswordOptions>().BindConfiguration(PasswordOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ThrottleOptions>().BindConfiguration(ThrottleOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PresenceOptions>().BindConfiguration(PresenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PurgeOptions>().BindConfiguration(PurgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SuspiciousIpOptions>()
            .BindConfiguration(SuspiciousIpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CaptchaRuleOptions>()
            .BindConfiguration(CaptchaRuleOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KeyRingSource>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<RefreshTokenReader>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<PasswordPolicy>();
        services.AddSingleton<AttemptGate>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<FlaggedAddresses>();
        services.AddSingleton<LoginCaptcha>();
        services.AddSingleton<SessionCache>();

        services.AddSingleton<CreateAccount>();
        services.AddSingleton<SetPassword>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<FindAccount>();
        services.AddSingleton<ChangeAccount>();
        services.AddSingleton<StartSession>();
        services.AddSingleton<RefreshSession>();
        services.AddSingleton<CheckSession>();
        services.AddSingleton<EndSession>();
        services.AddSingleton<EndSessions>();
        services.AddSingleton<GiveRoles>();
        services.AddSingleton<AccountFence>();
        services.AddSingleton<EndAllSessions>();
        services.AddSingleton<ListSessions>();
        services.AddSingleton<EvictSessions>();
        services.AddSingleton<RecordHeartbeat>();
        services.AddSingleton<PurgeExpiredSessions>();
        services.AddSingleton<FlagSuspiciousIps>();
        services.AddSingleton<RotateKeys>();
        services.AddSingleton<ReadRevocations>();
        services.AddSingleton<CheckReadiness>();
        return services;
    }
}
