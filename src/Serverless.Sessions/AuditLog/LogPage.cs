using System.Buffers.Text;

namespace Serverless.Sessions.AuditLog;

public sealed record LogPage(IReadOnlyList<LogEntry> Entries, LogPosition? Next);

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
            || ticks > DateTimeOffset.MaxValue.Ticks
            || !Guid.TryParseExact(entry, "N", out var id))
        {
            return false;
        }

        position = new(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        return true;
    }

    public override string ToString() => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id:N}")));
}
