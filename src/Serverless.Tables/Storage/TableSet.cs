using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace Serverless.Tables.Storage;

/// <summary>The clients of the tables.</summary>
internal sealed class TableSet
{
    public TableSet(IOptions<StorageOptions> options, IEnumerable<StoragePolicy> policies)
    {
        var storage = options.Value;
        var preparing = Connect(storage, CreateOptions(storage, policies));
        Preparation = new TablePreparation(preparing, [.. Names.Select(name => storage.TablePrefix + name)]);
        var clientOptions = CreateOptions(storage, policies);
        if (storage.CreateTables)
            clientOptions.AddPolicy(Preparation, HttpPipelinePosition.PerCall);

        var service = Connect(storage, clientOptions);
        Accounts = service.GetTableClient(storage.TablePrefix + nameof(Accounts));
        Sessions = service.GetTableClient(storage.TablePrefix + nameof(Sessions));
        Timeline = service.GetTableClient(storage.TablePrefix + nameof(Timeline));
        Security = service.GetTableClient(storage.TablePrefix + nameof(Security));
        Statistics = service.GetTableClient(storage.TablePrefix + nameof(Statistics));
    }

    public static IReadOnlyList<string> Names { get; } =
        [nameof(Accounts), nameof(Sessions), nameof(Timeline), nameof(Security), nameof(Statistics)];

    public TablePreparation Preparation { get; }

    public TableClient Accounts { get; }

    public TableClient Sessions { get; }

    public TableClient Timeline { get; }

    public TableClient Security { get; }

    public TableClient Statistics { get; }

    private static TableServiceClient Connect(StorageOptions storage, TableClientOptions options) =>
        storage.TableServiceUri is { } uri
            ? new TableServiceClient(uri, new DefaultAzureCredential(), options)
            : new TableServiceClient(storage.ConnectionString, options);

    private static TableClientOptions CreateOptions(StorageOptions storage, IEnumerable<StoragePolicy> policies)
    {
        var options = new TableClientOptions
        {
            RetryPolicy = new QuickRetries(),
            Retry = { NetworkTimeout = TimeSpan.FromMilliseconds(storage.NetworkTimeoutMilliseconds) },
            Diagnostics = { IsLoggingEnabled = false },
        };
        foreach (var policy in policies)
            options.AddPolicy(policy.Policy, policy.Position);
        return options;
    }
}
