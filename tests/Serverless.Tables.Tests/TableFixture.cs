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
    internal Stores CreateStores(CountingPolicy? counter = null, string? prefix = null, ILogger<UnreadableRows>? logger = null, int shards = 16)
    {
        var options = Options.Create(new StorageOptions { ConnectionString = Azurite.ConnectionString, TablePrefix = prefix ?? NewPrefix(), TimelineShards = shards });
        var tables = new TableSet(options, counter is null ? [] : [new(counter, HttpPipelinePosition.BeforeTransport)], Azure);
        var unreadable = new UnreadableRows(logger ?? NullLogger<UnreadableRows>.Instance);
        var log = new TableLogStore(tables, unreadable);
        return new(
            new TableAccountStore(tables, unreadable), new TableEpochStore(tables, log, unreadable),
            new TableSessionStore(tables, unreadable), log, new TablePresenceStore(tables, unreadable),
            new TableMailboxStore(tables, unreadable), new TableTimeline(tables, options, unreadable),
            new TableSuspiciousIpStore(tables, unreadable), new TableTimerCursors(tables, unreadable),
            new TableSecurityEventStore(tables, unreadable), new TableStatisticsStore(tables, unreadable),
            new TableRetentionStore(tables, options, unreadable), new TableKeyRingStore(tables, unreadable))
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
