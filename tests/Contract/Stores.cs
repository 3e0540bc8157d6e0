using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Testing;

public sealed record Stores(
    IAccountStore Accounts, IEmailIndex Emails, IEpochStore Epochs, ISessionStore Sessions, ILogStore Log, IPresenceStore Presence,
    IMailboxStore Mailbox, ITimeline Timeline, ISuspiciousIpStore SuspiciousIps, ISecurityEventStore SecurityEvents,
    IStatisticsStore Statistics, IRetentionStore Retention, IOutboxStore Outbox, IPersonalDataStore Personal,
    IPasskeyStore Passkeys, IKeyRingStore Keys)
{
    public UnreadableRows Unreadable { get; init; } = new(NullLogger<UnreadableRows>.Instance);

    public void AddTo(IServiceCollection services) => services
        .AddSingleton(Accounts).AddSingleton(Emails).AddSingleton(Epochs).AddSingleton(Sessions).AddSingleton(Log).AddSingleton(Presence)
        .AddSingleton(Mailbox).AddSingleton(Timeline).AddSingleton(SuspiciousIps).AddSingleton(Statistics)
        .AddSingleton(SecurityEvents).AddSingleton(Retention).AddSingleton(Outbox).AddSingleton(Personal).AddSingleton(Passkeys).AddSingleton(Keys).AddSingleton(Unreadable);
}
