namespace Serverless.Tables.Accounts;

internal static class AccountKeys
{
    private const string IndexPrefix = "i:";

    public static string Account(AccountKey key) => $"a:{key}";
    public static KeyRange Accounts => KeyRange.WithPrefix("a:");
    public static string Throttle(AccountKey key) => $"t:{key}";
    public static string Token(AccountKey key, TokenPurpose purpose) => $"k:{purpose}:{key}";
    public static string Intent(Guid id) => $"o:{id:N}";
    public static KeyRange Intents => KeyRange.WithPrefix("o:");
    public static string IndexPartition(string beginning) => $"{IndexPrefix}{beginning[..2]}";
    public static KeyRange IndexPartitions => KeyRange.WithPrefix(IndexPrefix);
    public static string Indexed(EmailPosition email) => $"{IndexPrefix}{email}";

    /// <summary>The emails with a beginning. A letter that is no hexadecimal digit sorts behind them,
    /// and behind the one to start after.</summary>
    public static KeyRange IndexedAfter(string beginning, EmailPosition? after) =>
        new(after is { } email ? $"{Indexed(email)}g" : $"{IndexPrefix}{beginning}", $"{IndexPrefix}{beginning}g");

    public static EmailPosition ReadIndexed(StoredRow row) =>
        EmailPosition.TryParse(row.RowKey[IndexPrefix.Length..], out var email) ? email : throw new UnreadableRowException("key");

    public static bool IsIndexed(StoredRow row) => row.RowKey.StartsWith(IndexPrefix, StringComparison.Ordinal);

    public static string Epoch(Ulid epoch) => $"v:{epoch}";

    public static bool IsEpoch(string rowKey) => rowKey.StartsWith("v:", StringComparison.Ordinal);

    public static Ulid ReadEpoch(StoredRow row) =>
        Ulid.TryParse(row.RowKey.AsSpan("v:".Length), out var epoch) ? epoch : throw new UnreadableRowException("key");

    public static KeyRange Epochs => KeyRange.WithPrefix("v:");
    public static string ChangePartition(ChangeDue due) => $"u:{KeyTime.Hour(due.At)}";
    public static string Change(ChangeDue due) => $"{KeyTime.Ticks(due.At)}:{due.Account.Value}";

    public static TableEntity WriteChange(ChangeDue due) => new TableEntity(ChangePartition(due), Change(due))
    {
        [nameof(ChangeDue.Created)] = due.Created?.ToString(),
        [nameof(ChangeDue.Email)] = due.Email?.Beginning,
    }.WithoutNulls();

    public static ChangeDue ReadChange(StoredRow row) =>
        row.RowKey.Split(':') is [var ticks, var account]
        && KeyTime.TryReadTicks(ticks, out var at)
        && AccountKey.TryParse(account, out var key)
        && row.PartitionKey == ChangePartition(new(key, at))
            ? new ChangeDue(
                key, at, row.ParseOrNull<UserId>(nameof(ChangeDue.Created), UserId.TryParse),
                row.ParseOrNull(
                    nameof(ChangeDue.Email),
                    (ReadOnlySpan<char> text, out EmailPosition email) => EmailPosition.TryParse($"{text}.{key}", out email)))
            : throw new UnreadableRowException("key");

    public static KeyRange ChangePartitions(DateTimeOffset now) => new("u:", $"u:{KeyTime.Hour(now.AddHours(1))}");
}
