namespace Serverless.Sessions.AuditLog;

/// <summary>Chains the log entries of a session: each carries a MAC over itself and the previous MAC, under a key that storage
/// doesn't have. Write access to storage can cut off the newest entries, but not alter, insert or remove earlier ones.</summary>
public static class AuditChain
{
    /// <summary>Adds the login entry, the first link, to a new session.</summary>
    public static (Session Session, LogEntry Entry) Begin(Session session, MacKey key)
    {
        var login = new LogEntry { Action = LogAction.Login, At = session.CreatedAt, SessionId = session.Id, Client = session.Client };
        var entry = Chain(default, login, session.UserId, key, seals: false);
        return (session with { Audit = entry.Head }, entry);
    }

    /// <summary>A session from before chains existed stays unchained.</summary>
    public static LogEntry Append(AuditHead head, LogEntry entry, UserId user, MacKey key, bool seals = false) =>
        head.Count == 0 ? entry : Chain(head, entry, user, key, seals);

    private static LogEntry Chain(AuditHead head, LogEntry entry, UserId user, MacKey key, bool seals)
    {
        var link = new AuditLink(head.Count + 1, default, key.Id, seals);
        return entry with { Link = link with { Code = CodeOf(head.Code, entry, link, user, key) } };
    }

    /// <summary>Replaces a verified history up to <paramref name="head"/>, the last removed entry.</summary>
    public static AuditCheckpoint Cut(SessionId session, UserId user, AuditHead head, MacKey key) =>
        new(session, head, key.Id, SealOf(session, user, head, key));

    /// <summary>Whether retention wrote this checkpoint. A replayed older one shows by the entry missing after it.</summary>
    internal static bool IsAuthentic(AuditCheckpoint cut, UserId user, KeyRing ring) =>
        ring.FindAuditKey(cut.Key) is { } key && SealOf(cut.SessionId, user, cut.Head, key) == cut.Seal;

    internal static bool Follows(EntryMac before, LogEntry entry, UserId user, MacKey key) =>
        entry.Link is { } link && CodeOf(before, entry, link, user, key) == link.Code;

    private static EntryMac CodeOf(EntryMac before, LogEntry entry, AuditLink link, UserId user, MacKey key)
    {
        var data = new ArrayBufferWriter<byte>(512);
        WriteNumber(data, before.Value);
        WriteNumber(data, (uint)link.Sequence);
        WriteNumber(data, link.Key.Value);
        WriteNumber(data, link.IsFinal ? 1u : 0u);
        WriteNumber(data, user.Shard);
        WriteNumber(data, user.Value.Value);
        WriteNumber(data, entry.SessionId?.Value ?? 0);
        WriteText(data, entry.Id.ToString("N"));
        WriteText(data, entry.Action.Name);
        WriteNumber(data, (ulong)entry.At.UtcTicks);
        WriteNumber(data, entry.Success ? 1u : 0u);
        WriteText(data, entry.Error);
        WriteText(data, entry.Administrator?.ToString());
        WriteText(data, entry.Client?.IpAddress);
        WriteText(data, entry.Client?.UserAgent);
        WriteText(data, entry.Client?.Device);
        return Authenticate(data, key);
    }

    // A MAC input starts with the previous MAC, which nobody chooses; this constant keeps checkpoints and entries apart.
    private static EntryMac SealOf(SessionId session, UserId user, AuditHead head, MacKey key)
    {
        var data = new ArrayBufferWriter<byte>(128);
        WriteText(data, "the beginning of a history was removed");
        WriteNumber(data, key.Id.Value);
        WriteNumber(data, user.Shard);
        WriteNumber(data, user.Value.Value);
        WriteNumber(data, session.Value);
        WriteNumber(data, (uint)head.Count);
        WriteNumber(data, head.Code.Value);
        return Authenticate(data, key);
    }

    private static EntryMac Authenticate(ArrayBufferWriter<byte> data, MacKey key)
    {
        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        key.Authenticate(data.WrittenSpan, code);
        return new(BinaryPrimitives.ReadUInt128BigEndian(code));
    }

    private static void WriteNumber(ArrayBufferWriter<byte> data, UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(data.GetSpan(16), value);
        data.Advance(16);
    }

    // Length-prefixed, with null distinct from empty, so that the encoding is unambiguous.
    private static void WriteText(ArrayBufferWriter<byte> data, string? text)
    {
        BinaryPrimitives.WriteInt32BigEndian(data.GetSpan(sizeof(int)), text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        data.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(text ?? "", data);
    }
}
