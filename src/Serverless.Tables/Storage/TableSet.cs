namespace Serverless.Tables.Storage;

internal sealed class TableSet
{
    private const int Retries = 2;

    public TableSet(
        IOptions<StorageOptions> options, IEnumerable<StoragePolicy> policies, AzureAccess azure, UnreadableRows unreadable)
    {
        var storage = options.Value;
        var clientOptions = CreateOptions();
        if (storage.CreateTables)
        {
            string[] names = [.. Names.Select(name => storage.TablePrefix + name)];
            clientOptions.AddPolicy(new TablePreparation(Connect(CreateOptions()), names), HttpPipelinePosition.PerCall);
        }

        var service = Connect(clientOptions);
        Accounts = Table(nameof(Accounts));
        Sessions = Table(nameof(Sessions));
        Timeline = Table(nameof(Timeline));
        Security = Table(nameof(Security));
        Statistics = Table(nameof(Statistics));
        Shards = storage.TimelineShards;

        StoredTable Table(string name) => new(service.GetTableClient(storage.TablePrefix + name), unreadable);

        TableServiceClient Connect(TableClientOptions settings) => storage.TableServiceUri is { } uri
            ? new(uri, azure.Credential, settings) : new(storage.ConnectionString, settings);

        TableClientOptions CreateOptions()
        {
            var created = azure.Configure(new TableClientOptions(), new QuickRetries(Retries), storage.NetworkTimeout);
            foreach (var policy in policies)
                created.AddPolicy(policy.Policy, policy.Position);
            return created;
        }
    }

    public static IReadOnlyList<string> Names { get; } =
        [nameof(Accounts), nameof(Sessions), nameof(Timeline), nameof(Security), nameof(Statistics)];

    public StoredTable Accounts { get; }
    public StoredTable Sessions { get; }
    public StoredTable Timeline { get; }
    public StoredTable Security { get; }
    public StoredTable Statistics { get; }
    public int Shards { get; }
}

/// <summary>A pipeline policy for all storage requests, such as a counter. Register any number as services.</summary>
public sealed record StoragePolicy(HttpPipelinePolicy Policy, HttpPipelinePosition Position);
