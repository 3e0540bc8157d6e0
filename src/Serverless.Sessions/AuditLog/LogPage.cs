using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Serverless.Sessions.AuditLog;

/// <summary>A page of a log.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
public sealed record LogPage(IReadOnlyList<LogEntry> Entries, LogPosition? Next);

/// <summary>What the log has about one session.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Cut">The mark of those that retention has removed; null where it has removed none.</param>
public sealed record SessionLog(IReadOnlyList<LogEntry> Entries, AuditCheckpoint? Cut);

/// <summary>A place in a log: behind one entry. Its text form is for clients to send back and means nothing to them.</summary>
/// <param name="At">The entry's time.</param>
/// <param name="Id">The entry's identity.</param>
public readonly record struct LogPosition(DateTimeOffset At, Guid Id)
{
    /// <summary>The place behind an entry.</summary>
    public static LogPosition Behind(LogEntry entry)
    {
        return new(entry.At, entry.Id);
    }

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, out LogPosition position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[64];
        if (text is null || text.Length > 80 || !Tokens.StrictBase64Url.TryDecode(text, bytes, out var length))
            return false;
        var parts = Encoding.ASCII.GetString(bytes[..length]).Split('.');
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.Ticks
            || !Guid.TryParseExact(parts[1], "N", out var id))
        {
            return false;
        }

        position = new(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id:N}")));
}
