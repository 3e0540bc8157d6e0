using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Serverless.Sessions;

public static class SessionServices
{
    /// <summary>Adds everything but the stores. Nothing holds per-request state, so all are singletons.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSettings<SessionOptions>("Sessions");
        services.AddSettings<TokenOptions>("Tokens");
        services.AddSettings<KeysOptions>("Keys");
        services.AddSettings<FeedOptions>("Feed");
        services.AddSettings<PasswordOptions>("Passwords");
        services.AddSettings<AccountOptions>("Accounts");
        services.AddSettings<ThrottleOptions>("Throttle");
        services.AddSettings<PasskeyOptions>("Passkeys");
        services.AddSettings<StepUpOptions>("StepUp");
        services.AddPolicies();
        services.AddSettings<PresenceOptions>("Presence");
        services.AddSettings<MailboxOptions>("Mailbox");
        services.AddSettings<SuspiciousIpOptions>("SuspiciousIps");
        services.AddSettings<RetentionOptions>("Retention");
        services.AddSettings<CaptchaRuleOptions>("Captcha");
        services.AddSettings<LocationRuleOptions>("Location");
        services.AddSettings<RedisOptions>(RedisOptions.Section);

        services.AddSingleton<IValidateOptions<SessionOptions>>(new UnicodeCheck(text => text.Normalize()));

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        Type[] singletons =
        [
            typeof(SessionMetrics), typeof(UnreadableRows), typeof(KeyRingSource), typeof(AccessTokenReader),
            typeof(PasswordHashing), typeof(PasswordRules), typeof(LoginSerializer), typeof(LoginThrottle), typeof(LoginCaptcha),
            typeof(SessionCache), typeof(CreateAccount), typeof(CreateAccountWithPasskey), typeof(ImportAccounts),
            typeof(SetPassword), typeof(CheckOwnPassword), typeof(ChangePassword), typeof(FindAccount), typeof(ListAccounts),
            typeof(SearchAccounts), typeof(ChangeAccount), typeof(ResetRules), typeof(SecureAccount), typeof(AccountOutbox),
            typeof(AccountTokens), typeof(RegisterAccount), typeof(SendVerification), typeof(VerifyEmail),
            typeof(RequestPasswordReset), typeof(ResetPassword), typeof(ChangeEmail),
            typeof(CloseAccount), typeof(RestoreAccount), typeof(EraseAccount), typeof(MarkEmailVerified), typeof(SendPasswordReset),
            typeof(CheckLoginLocation), typeof(ReportRefusedLogin), typeof(CheckRefreshLocation), typeof(OpenSession),
            typeof(PasskeyVerifier), typeof(PasskeyMails), typeof(StartPasskeyRegistration), typeof(RegisterPasskey),
            typeof(StartAccountWithPasskey), typeof(RegisterAccountWithPasskey), typeof(ListPasskeys), typeof(RenamePasskey),
            typeof(KeepPasskey), typeof(RemovePasskey), typeof(StartPasskeyLogin), typeof(LogInWithPasskey),
            typeof(ReportClonedPasskey), typeof(StartSession), typeof(StartStepUp), typeof(StepUp), typeof(RefreshSession),
            typeof(CheckSession), typeof(EndSession), typeof(EndSessions), typeof(PropagateRoles), typeof(AccountFence),
            typeof(RemoveAbandonedAccount), typeof(FinishAccountChanges), typeof(EndAllSessions), typeof(SubscribeToPush),
            typeof(PushAlerts), typeof(Farewells), typeof(AlertMails), typeof(ChooseNotifications), typeof(ListSessions),
            typeof(EvictSessions), typeof(RecordHeartbeat), typeof(ReadPresence), typeof(DeliverMessages), typeof(SendMessage),
            typeof(ReadConversation), typeof(MarkMessagesRead), typeof(AuditSession), typeof(AuditUser),
            typeof(PurgeExpiredSessions), typeof(FlagSuspiciousIps), typeof(RaiseSecurityEvent), typeof(RaiseSecurityAlerts),
            typeof(OutboxQueue), typeof(SendOutbox), typeof(RollUpStatistics), typeof(PurgeLog), typeof(PurgeMail),
            typeof(PurgeOldLogs), typeof(ReadActivity), typeof(ReadLiveStatistics), typeof(RotateKeys), typeof(ReadRevocations),
            typeof(CheckReadiness), typeof(ReadHealth), typeof(UnknownSettings),
        ];
        foreach (var type in singletons)
            services.AddSingleton(type);
        return services;
    }
}
