namespace Serverless.Tables.Storage;

internal sealed class TableSet
{
    private const int Retries = 2;

    public TableSet(IOptions<StorageOptions> options, IEnumerable<StoragePolicy> policies, AzureAccess azure)
    {
        var storage = options.Value;
        var preparing = Connect(storage, CreateOptions(storage, policies, azure), azure);
        var preparation = new TablePreparation(preparing, [.. Names.Select(name => storage.TablePrefix + name)]);
        var clientOptions = CreateOptions(storage, policies, azure);
        if (storage.CreateTables)
            clientOptions.AddPolicy(preparation, HttpPipelinePosition.PerCall);

        var service = Connect(storage, clientOptions, azure);
        Accounts = service.GetTableClient(storage.TablePrefix + nameof(Accounts));
        Sessions = service.GetTableClient(storage.TablePrefix + nameof(Sessions));
        Timeline = service.GetTableClient(storage.TablePrefix + nameof(Timeline));
        Security = service.GetTableClient(storage.TablePrefix + nameof(Security));
        Statistics = service.GetTableClient(storage.TablePrefix + nameof(Statistics));
    }

    public static IReadOnlyList<string> Names { get; } =
        [nameof(Accounts), nameof(Sessions), nameof(Timeline), nameof(Security), nameof(Statistics)];

    public TableClient Accounts { get; }

    public TableClient Sessions { get; }

    public TableClient Timeline { get; }

    public TableClient Security { get; }

    public TableClient Statistics { get; }

    private static TableServiceClient Connect(StorageOptions storage, TableClientOptions options, AzureAccess azure) =>
        storage.TableServiceUri is { } uri
            ? new TableServiceClient(uri, azure.Credential, options)
            : new TableServiceClient(storage.ConnectionString, options);

    private static TableClientOptions CreateOptions(StorageOptions storage, IEnumerable<StoragePolicy> policies, AzureAccess azure)
    {
        var options = azure.Configure(new TableClientOptions(), new QuickRetries(Retries), storage.NetworkTimeout);
        foreach (var policy in policies)
            options.AddPolicy(policy.Policy, policy.Position);
        return options;
    }
}
