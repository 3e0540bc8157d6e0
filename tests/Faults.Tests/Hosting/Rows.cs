namespace Faults.Tests.Hosting;

/// <summary>Every row of a station, read without the proxy.</summary>
public sealed class Rows
{
    private readonly ILookup<string, TableEntity> _accounts;
    private readonly ILookup<string, TableEntity> _sessions;
    private readonly HashSet<string> _indexed;
    private readonly ILookup<(char Kind, string Id), TableEntity> _timeline;

    private Rows(List<TableEntity> accounts, List<TableEntity> sessions, List<TableEntity> timeline, List<TableEntity> security)
    {
        _accounts = accounts.ToLookup(row => row.PartitionKey);
        _sessions = sessions.ToLookup(row => row.PartitionKey);
        _indexed = [.. accounts.Where(row => row.PartitionKey.StartsWith("i:", StringComparison.Ordinal)).Select(row => row.RowKey[^32..])];
        _timeline = timeline.ToLookup(row => (row.PartitionKey[0], row.PartitionKey[0] switch
        {
            'a' => row.GetString("SessionId") ?? row.GetString("AccountKey") ?? "",
            'x' or 'f' or 'u' or 'o' when row.RowKey.Length > 32 => row.RowKey[^32..],
            _ => "",
        }));
        Security = security;
    }

    public IReadOnlyList<TableEntity> Security { get; }

    /// <summary>Accounts without a pending change whose open epochs, beside their own, all match.</summary>
    public IReadOnlyList<string> AccountsBeside(Predicate<string> epoch) =>
    [
        .. from account in _accounts.SelectMany(rows => rows).Where(row => row.RowKey.StartsWith("a:", StringComparison.Ordinal))
           where !account.Keys.Any(column => column.StartsWith("PendingChange", StringComparison.Ordinal))
           let others = Of(account.GetString("UserId"), 'v').Select(row => row.RowKey[2..]).Where(open => open != account.GetString("Epoch")).ToList()
           where others.Count > 0 && others.TrueForAll(epoch)
           select account.PartitionKey,
    ];

    public static async Task<Rows> ReadAsync(string connectionString, string prefix)
    {
        string[] names = ["Accounts", "Sessions", "Timeline", "Security"];
        var tables = await Task.WhenAll(names.Select(name =>
            new TableClient(connectionString, prefix + name).QueryAsync<TableEntity>(maxPerPage: 1000).ToListAsync().AsTask()));
        return new(tables[0], tables[1], tables[2], tables[3]);
    }

    public TableEntity? Account(string key) => _accounts[key].SingleOrDefault(row => row.RowKey == $"a:{key}");
    public TableEntity? Throttle(string key) => _accounts[key].SingleOrDefault(row => row.RowKey == $"t:{key}");

    /// <summary>Whether the email of an account can be searched.</summary>
    public bool IsIndexed(string key) => _indexed.Contains(key);

    /// <summary>All rows that are an account of a user, tombstones included.</summary>
    public IReadOnlyList<TableEntity> AccountsOf(string user) =>
        [.. _accounts.SelectMany(rows => rows).Where(row => row.RowKey.StartsWith("a:", StringComparison.Ordinal) && row.GetString("UserId") == user)];

    /// <param name="prefix">Of the row keys: <c>k:</c> for tokens, <c>o:</c> for mails.</param>
    public IEnumerable<TableEntity> Beside(string key, string prefix) =>
        _accounts[key].Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));

    public bool IsEmpty(string partition) => !_accounts.Contains(partition) && !_sessions.Contains(partition);

    public IReadOnlyList<TableEntity> Of(string partition, char kind) =>
        [.. _sessions[partition].Where(row => row.RowKey[0] == kind && row.RowKey[1] == ':')];

    public TableEntity? Session(string user, string id) => _sessions[user].SingleOrDefault(row => row.RowKey == $"s:{id}");

    public IReadOnlyList<TableEntity> Log(string partition, string action, string? session = null) =>
        [.. Of(partition, 'l').Where(row => row.GetString("Action") == action && (session is null || row.GetString("SessionId") == session))];

    public IEnumerable<TableEntity> Expiries(string session) => _timeline[('x', session)];
    public IEnumerable<TableEntity> Revocations(string session) => _timeline[('f', session)];

    /// <summary>When a timer looks after an account: ticks of 19 digits.</summary>
    public IEnumerable<string> Checks(string key) => _timeline[('u', key)].Select(row => row.RowKey[..19]);

    public IEnumerable<TableEntity> Dues(string mail) => _timeline[('o', mail)];

    /// <param name="id">A session, or an email without account.</param>
    public IEnumerable<TableEntity> Activities(string id) => _timeline[('a', id)];
}
