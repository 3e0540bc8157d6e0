using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Tables.Accounts;
using Serverless.Tables.Mailbox;
using Serverless.Tables.Retention;
using Serverless.Tables.Security;
using Serverless.Tables.Sessions;
using Serverless.Tables.Statistics;
using Serverless.Tables.Storage;
using Serverless.Tables.Timeline;
using Serverless.Testing;

namespace Serverless.Tables.Tests;

/// <summary>One Azurite for all tests of this assembly.</summary>
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

    /// <summary>Stores with tables of their own, so that a test can count rows and read whole hours.</summary>
    internal Stores CreateStores(CountingPolicy? counter = null, string? prefix = null)
    {
        var options = Options.Create(new StorageOptions { ConnectionString = Azurite.ConnectionString, TablePrefix = prefix ?? NewPrefix() });
        var tables = new TableSet(options, counter is null ? [] : [new(counter, HttpPipelinePosition.BeforeTransport)], Azure);
        return new(
            new TableAccountStore(tables),
            new TableSessionStore(tables),
            new TableMailboxStore(tables),
            new TableTimeline(tables, options),
            new TableSuspiciousIpStore(tables),
            new TableTimerCursors(tables),
            new TableSecurityEventStore(tables),
            new TableStatisticsStore(tables),
            new TableRetentionStore(tables, options),
            new TableKeyRingStore(tables));
    }

    internal static string NewPrefix() => $"t{Guid.NewGuid():N}"[..24];

    internal TableClient Table(string prefix, string name) => new(Azurite.ConnectionString, prefix + name);
}

[CollectionDefinition(nameof(TableFixture))]
public sealed class TableFixtureCollection : ICollectionFixture<TableFixture>;
