namespace Serverless.Tables.Accounts;

internal static class PendingChangeColumns
{
    private const string Prefix = nameof(Account.PendingChange);
    private const string Id = Prefix + nameof(AccountChange.Id);
    private const string At = Prefix + nameof(AccountChange.At);
    private const string Action = Prefix + nameof(AccountChange.Action);
    private const string Ends = Prefix + nameof(AccountChange.Ends);
    private const string Except = Prefix + nameof(AccountChange.Except);
    private const string Closes = Prefix + nameof(AccountChange.Closes);
    private const string Administrator = Prefix + nameof(Actor.Administrator);
    private const string IpAddress = Prefix + nameof(ClientInfo.IpAddress);
    private const string UserAgent = Prefix + nameof(ClientInfo.UserAgent);
    private const string Device = Prefix + nameof(ClientInfo.Device);

    public static void Write(TableEntity row, AccountChange change)
    {
        row[Id] = change.Id;
        row[At] = change.At;
        AddIfKnown(Action, change.Action?.Name);
        AddIfKnown(Ends, change.Ends?.Name);
        AddIfKnown(Except, change.Except?.ToString());
        AddIfKnown(Closes, change.Closes?.ToString());
        AddIfKnown(Administrator, change.By?.Administrator?.ToString());
        AddIfKnown(IpAddress, change.By?.Client?.IpAddress);
        AddIfKnown(UserAgent, change.By?.Client?.UserAgent);
        AddIfKnown(Device, change.By?.Client?.Device);

        void AddIfKnown(string column, string? value)
        {
            if (value is not null)
                row[column] = value;
        }
    }

    public static AccountChange? Read(StoredRow row) => row.ValueOrNull<Guid>(Id) is not { } id ? null : new()
    {
        Id = id,
        At = row.Value<DateTimeOffset>(At),
        Action = row.TextOrNull(Action) is { } action ? new(action) : null,
        Ends = row.TextOrNull(Ends) is { } reason ? new(reason) : null,
        Except = row.ParseOrNull<SessionId>(Except, SessionId.TryParse),
        Closes = row.ParseOrNull<Ulid>(Closes, Ulid.TryParse),
        By = row.ParseOrNull<UserId>(Administrator, UserId.TryParse) is { } administrator ? Actor.Of(administrator)
            : row.TextOrNull(IpAddress) is { } address ? Actor.Of(new ClientInfo(address, row.TextOrNull(UserAgent), row.TextOrNull(Device)))
            : null,
    };
}
