using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Tables;

public static class TableServices
{
    /// <summary>Adds the stores as singletons: their clients are thread-safe and hold the connections.</summary>
    public static IServiceCollection AddTableStorage(this IServiceCollection services)
    {
        services.AddSettings<StorageOptions>("Storage");
        services.AddSettings<KeyVaultOptions>("Keys");
        services.AddSingleton<AzureAccess>();
        services.AddSingleton<StorageTelemetry>();
        services.AddSingleton(provider =>
            new StoragePolicy(provider.GetRequiredService<StorageTelemetry>(), HttpPipelinePosition.PerRetry));
        services.AddSingleton<TableSet>();
        services.AddSingleton<IAccountStore, TableAccountStore>();
        services.AddSingleton<IEpochStore, TableEpochStore>();
        services.AddSingleton<ISessionStore, TableSessionStore>();
        services.AddSingleton<IPasskeyStore, TablePasskeyStore>();
        services.AddSingleton<IEmailIndex, TableEmailIndex>();
        services.AddSingleton<ILogStore, TableLogStore>();
        services.AddSingleton<IPresenceStore, TablePresenceStore>();
        services.AddSingleton<ITimeline, TableTimeline>();
        services.AddSingleton<ISuspiciousIpStore, TableSuspiciousIpStore>();
        services.AddSingleton<ISecurityEventStore, TableSecurityEventStore>();
        services.AddSingleton<IStatisticsStore, TableStatisticsStore>();
        services.AddSingleton<IMailboxStore, TableMailboxStore>();
        services.AddSingleton<IOutboxStore, TableOutboxStore>();
        services.AddSingleton<IRetentionStore, TableRetentionStore>();
        services.AddSingleton<IPersonalDataStore, TablePersonalDataStore>();
        return services;
    }

    /// <summary>Keeps the key ring in a table, readable with the storage key: for development only.</summary>
    public static IServiceCollection AddDevelopmentKeyRing(this IServiceCollection services) =>
        services.AddSingleton<IKeyRingStore, TableKeyRingStore>();

    /// <summary>Keeps the key ring in an Azure Key Vault, accessed with the app's managed identity.</summary>
    public static IServiceCollection AddKeyVaultKeyRing(this IServiceCollection services)
    {
        services.AddOptions<KeyVaultOptions>().Validate(options => options.VaultUri is not null, KeyVaultOptions.VaultIsMissing);
        return services.AddSingleton<IKeyRingStore>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value;
            var azure = provider.GetRequiredService<AzureAccess>();
            return new VaultKeyRingStore(
                new(options.VaultUri!, azure.Credential, VaultKeyRingStore.CreateOptions(azure)), options.SecretName,
                provider.GetRequiredService<TableSet>(), provider.GetRequiredService<TimeProvider>(),
                VaultKeyRingStore.UsualLeaseTime, provider.GetRequiredService<UnreadableRows>());
        });
    }
}
