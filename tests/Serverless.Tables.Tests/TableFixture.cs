using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging;
using Serverless.Tables.Accounts;
using Serverless.Tables.AuditLog;
using Serverless.Tables.Mailbox;
using Serverless.Tables.Presence;

namespace Serverless.Tables.Tests;

public sealed class TableFixture : IAsyncLifetime
{
    public Azurite Azurite { get; private set; } = null!;

    public async Task InitializeAsync() => Azurite = await Azurite.StartAsync();

    internal AzureAccess Azure { get; } = new(Options.Create(new StorageOptions()));

    public async Task DisposeAsync()
    {
        Azure.Dispose();
        await Azurite.DisposeAsync();
    }

    /// <summary>With tables of their own, so that a test can count rows and read whole hours.</summary>
    internal Stores CreateStores(HttpPipelinePolicy? counter = null, string? prefix = null, ILogger<UnreadableRows>? logger = null, int shards = 16)
    {
        var options = Options.Create(new StorageOptions { ConnectionString = Azurite.ConnectionString, TablePrefix = prefix ?? NewPrefix(), TimelineShards = shards });
        var unreadable = new UnreadableRows(logger ?? NullLogger<UnreadableRows>.Instance);
        var tables = new TableSet(options, counter is null ? [] : [new(counter, HttpPipelinePosition.BeforeTransport)], Azure, unreadable);
        return new(
            new TableAccountStore(tables), new TableEmailIndex(tables), new TableEpochStore(tables), new TableSessionStore(tables), new TableLogStore(tables),
            new TablePresenceStore(tables), new TableMailboxStore(tables), new TableTimeline(tables), new TableSuspiciousIpStore(tables),
            new TableSecurityEventStore(tables), new TableStatisticsStore(tables), new TableRetentionStore(tables),
            new TableOutboxStore(tables, TimeProvider.System), new TablePersonalDataStore(tables), new TablePasskeyStore(tables), new TableKeyRingStore(tables))
        { Unreadable = unreadable };
    }

    internal static string NewPrefix() => $"t{Guid.NewGuid():N}"[..24];
    internal TableClient Table(string prefix, string name) => new(Azurite.ConnectionString, prefix + name);
}

[CollectionDefinition(nameof(TableFixture))]
public sealed class TableFixtureCollection : ICollectionFixture<TableFixture>;

/// <summary>For tests that measure real time or depend on it: they run one by one, when all others have ended.</summary>
[CollectionDefinition(nameof(TimedCollection), DisableParallelization = true)]
public sealed class TimedCollection : ICollectionFixture<TableFixture>;
