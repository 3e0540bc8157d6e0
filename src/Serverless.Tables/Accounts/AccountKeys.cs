using System.Diagnostics.CodeAnalysis;

namespace Serverless.Tables.Accounts;

internal static class AccountKeys
{
    public static string Account(AccountKey key) => $"a:{key}";

    public static KeyRange Accounts => KeyRange.WithPrefix("a:");

    public static string Throttle(AccountKey key) => $"t:{key}";

    public static string Epoch(Ulid epoch) => $"v:{epoch}";

    public static bool TryReadEpoch(string rowKey, out Ulid epoch) => Ulid.TryParse(rowKey.AsSpan("v:".Length), out epoch);

    public static KeyRange Epochs => KeyRange.WithPrefix("v:");

    public static string ChangePartition(ChangeDue due) => $"u:{KeyTime.Hour(due.At)}";

    public static string Change(ChangeDue due) => $"{KeyTime.Ticks(due.At)}:{due.Account.Value}";

    public static bool TryReadChange(string rowKey, [NotNullWhen(true)] out ChangeDue? due)
    {
        due = rowKey.Split(':') is [var ticks, var account] && KeyTime.TryReadTicks(ticks, out var at) && AccountKey.TryParse(account, out var key)
            ? new(key, at)
            : null;
        return due is not null;
    }

    public static KeyRange ChangePartitions(DateTimeOffset now) => new("u:", $"u:{KeyTime.Hour(now.AddHours(1))}");
}
