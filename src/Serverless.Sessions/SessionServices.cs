using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Serverless.Sessions;

public static class SessionServices
{
    /// <summary>Adds everything but the stores. Nothing holds per-request state, so all are singletons.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSettings<SessionOptions>(SessionOptions.Section);
        services.AddSettings<TokenOptions>(TokenOptions.Section);
        services.AddSettings<KeysOptions>(KeysOptions.Section);
        services.AddSettings<FeedOptions>(FeedOptions.Section);
        services.AddSettings<PasswordOptions>(PasswordOptions.Section);
        services.AddSettings<ThrottleOptions>(ThrottleOptions.Section);
        services.AddSettings<PresenceOptions>(PresenceOptions.Section);
        services.AddSettings<MailboxOptions>(MailboxOptions.Section);
        services.AddSettings<SuspiciousIpOptions>(SuspiciousIpOptions.Section);
        services.AddSettings<RetentionOptions>(RetentionOptions.Section);
        services.AddSettings<CaptchaRuleOptions>(CaptchaRuleOptions.Section);

        services.AddSingleton<UnknownSettings>();
        services.AddSingleton<IValidateOptions<SessionOptions>>(new UnicodeCheck(text => text.Normalize()));

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<UnreadableRows>();
        services.AddSingleton<KeyRingSource>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<LoginSerializer>();
        services.AddSingleton<LoginThrottle>();
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
        services.AddSingleton<PropagateRoles>();
        services.AddSingleton<AccountFence>();
        services.AddSingleton<FinishAccountChanges>();
        services.AddSingleton<EndAllSessions>();
        services.AddSingleton<ListSessions>();
        services.AddSingleton<EvictSessions>();
        services.AddSingleton<RecordHeartbeat>();
        services.AddSingleton<ReadPresence>();
        services.AddSingleton<DeliverMessages>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<ReadConversation>();
        services.AddSingleton<MarkMessagesRead>();
        services.AddSingleton<ReadAudit>();
        services.AddSingleton<PurgeExpiredSessions>();
        services.AddSingleton<FlagSuspiciousIps>();
        services.AddSingleton<RaiseSecurityEvent>();
        services.AddSingleton<RaiseSecurityAlerts>();
        services.AddSingleton<DeliverSecurityEvents>();
        services.AddSingleton<RollUpStatistics>();
        services.AddSingleton<PurgeLog>();
        services.AddSingleton<PurgeMail>();
        services.AddSingleton<PurgeOldLogs>();
        services.AddSingleton<RotateKeys>();
        services.AddSingleton<ReadRevocations>();
        services.AddSingleton<CheckReadiness>();
        return services;
    }
}
