using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// Chains the log entries of a session: each carries a code over itself and the code before it, made with a key that storage doesn't
/// have. Whoever can write to storage can cut the newest entries off, but can't change what is said, leave out what stands before
/// another entry, or add to it.
/// </summary>
public static class AuditChain
{
    /// <summary>A new session with its login entry, the first link.</summary>
    public static (Session Session, LogEntry Entry) Begin(Session session, MacKey key)
    {
        var login = new LogEntry { Action = LogAction.Login, At = session.CreatedAt, SessionId = session.Id, Client = session.Client };
        var entry = Chain(default, login, session.UserId, key, seals: false);
        return (session with { Audit = entry.Head }, entry);
    }

    /// <summary>The entry as the next link of a chain. A session that was opened before there were chains has none, and gets none in
    /// the middle of its life.</summary>
    /// <param name="head">The chain so far.</param>
    /// <param name="entry">The entry; it is one of a session.</param>
    /// <param name="user">Whose session.</param>
    /// <param name="key">The audit key of now.</param>
    /// <param name="seals">Whether the session is over with it.</param>
    public static LogEntry Append(AuditHead head, LogEntry entry, UserId user, MacKey key, bool seals = false)
    {
        return head.Count == 0 ? entry : Chain(head, entry, user, key, seals);
    }

    private static LogEntry Chain(AuditHead head, LogEntry entry, UserId user, MacKey key, bool seals)
    {
        var link = new AuditLink(head.Count + 1, default, key.Id, seals);
        return entry with { Link = link with { Code = CodeOf(head.Code, entry, link, user, key) } };
    }

    /// <summary>The mark behind which a history goes on after retention removed what was before it.</summary>
    /// <param name="session">Whose history.</param>
    /// <param name="user">Whose session.</param>
    /// <param name="head">The last entry that is removed; all up to it have been checked.</param>
    /// <param name="key">The audit key of now.</param>
    public static AuditCheckpoint Cut(SessionId session, UserId user, AuditHead head, MacKey key)
    {
        return new(session, head, key.Id, SealOf(session, user, head, key));
    }

    /// <summary>Whether a mark is one that retention set, in this place. Of an older one that somebody put back the entries behind it
    /// tell, since the next one is missing.</summary>
    internal static bool IsAuthentic(AuditCheckpoint cut, UserId user, KeyRing ring) =>
        ring.FindAuditKey(cut.Key) is { } key && SealOf(cut.SessionId, user, cut.Head, key) == cut.Seal;

    /// <summary>Whether an entry is what was written behind a certain code, and nothing of it has changed.</summary>
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

    // Where an entry has the code of the one before it, which nobody chooses, a mark has this text.
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

    // The length stands before the text, and none is not the same as an empty one: what is written can be read in one way only.
    private static void WriteText(ArrayBufferWriter<byte> data, string? text)
    {
        BinaryPrimitives.WriteInt32BigEndian(data.GetSpan(sizeof(int)), text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        data.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(text ?? "", data);
    }
}
