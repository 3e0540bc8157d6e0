using System.Buffers.Text;

namespace Serverless.Sessions.AuditLog;

public sealed record LogPage(IReadOnlyList<LogEntry> Entries, LogPosition? Next)
{
    /// <summary>The page of what was read for it; <paramref name="last"/> is the last entry that was read,
    /// or null if there are no others.</summary>
    public static LogPage Of(IReadOnlyList<LogEntry> read, LogEntry? last, LogFilter filter, int limit)
    {
        var found = read.Where(filter.Matches).ToList();
        return found.Count > limit
            ? new([.. found.Take(limit)], LogPosition.After(found[limit - 1]))
            : new(found, last is null ? null : LogPosition.After(last));
    }
}

/// <summary>Which entries to read: between two times, inclusive, of one action, from one address or group of addresses.
/// Null is any.</summary>
public sealed record LogFilter(
    DateTimeOffset? From = null, DateTimeOffset? To = null, LogAction? Action = null, string? Address = null)
{
    /// <summary>The most entries that a page reads to find those of an action or address. With the one that tells whether there are others
    /// they are one page of storage.</summary>
    public const int MostRead = 999;

    public static readonly LogFilter Any = new();

    /// <summary>How many entries a page reads.</summary>
    public int ReadsFor(int limit) => Action is null && Address is null ? limit : MostRead;

    public bool Matches(LogEntry entry) => (Action is null || entry.Action == Action)
        && (Address is null || (entry.Client?.IpAddress is { } address && (address == Address || IpAddressGroup.Of(address) == Address)));
}

/// <summary>The newest entries of a user's log, newest first, and all its checkpoints;
/// <c>IsWhole</c> is false if there are older ones.</summary>
public sealed record UserLog(IReadOnlyList<LogEntry> Entries, IReadOnlyList<AuditCheckpoint> Cuts, bool IsWhole);

/// <summary>All log entries of one session; <c>Cut</c> is null if retention removed none.</summary>
public sealed record SessionLog(IReadOnlyList<LogEntry> Entries, AuditCheckpoint? Cut);

/// <summary>A place in a log, after one entry. Its text form is an opaque cursor for clients.</summary>
public readonly record struct LogPosition(DateTimeOffset At, Guid Id)
{
    public static LogPosition After(LogEntry entry) => new(entry.At, entry.Id);

    public static bool TryParse(string? text, out LogPosition position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[64];
        if (text is null || text.Length > 80 || !StrictBase64Url.TryDecode(text, bytes, out var length)
            || Encoding.ASCII.GetString(bytes[..length]).Split('.') is not [var time, var entry]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.Ticks || !Guid.TryParseExact(entry, "N", out var id))
        {
            return false;
        }

        position = new(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        return true;
    }

    public override string ToString() => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id:N}")));
}

/// <summary>The entry of a change is written by the store that makes the change, and only that of a failed login, or of a
/// reset that is sent, by <see cref="AppendAsync"/>. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ILogStore
{
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Appends an entry with a notice, both or neither; false if another notice came first.</summary>
    Task<bool> TryAppendAsync(UserId user, LogEntry entry, Notice notice, CancellationToken cancellationToken);

    Task<LogEntry?> FindAsync(LogOwner owner, LogPosition position, CancellationToken cancellationToken);

    /// <summary>Reads a page, newest first, null for the first page; new entries don't shift the pages that follow.</summary>
    Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(owner, LogFilter.Any, after, limit, cancellationToken);

    /// <summary>Reads a page of the entries of a filter, in one read. For an action or an address it may have few entries, or none, and
    /// others after it.</summary>
    Task<LogPage> ReadAsync(LogOwner owner, LogFilter filter, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads at most so many entries, the newest, a thousand at a time, and the checkpoints.</summary>
    Task<UserLog> ReadAllAsync(UserId user, int most, CancellationToken cancellationToken);

    /// <summary>Reads all entries about one session, newest first, and its checkpoint, if retention removed any.</summary>
    Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
