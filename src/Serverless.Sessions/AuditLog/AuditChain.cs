namespace Serverless.Sessions.AuditLog;

/// <summary>Chains the log entries of a session: each carries a MAC over itself and the previous MAC, under a key that storage
/// doesn't have. Write access to storage can cut off the newest entries, but not alter, insert or remove earlier ones.</summary>
public static class AuditChain
{
    public static (Session Session, LogEntry Entry) Begin(Session session, MacKey key)
    {
        var login = new LogEntry(LogAction.Login, session.CreatedAt, session.Id, session.Client) { Methods = session.Authentication.Methods };
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
        WriteNumbers(data, before.Value, (uint)link.Sequence, link.Key.Value, link.IsFinal ? 1u : 0u);
        WriteNumbers(data, user.Shard, user.Value.Value, entry.SessionId?.Value ?? 0);
        WriteTexts(data, entry.Id.ToString("N"), entry.Action.Name);
        WriteNumbers(data, (ulong)entry.At.UtcTicks, entry.Success ? 1u : 0u);
        WriteTexts(data, entry.Error, entry.Administrator?.ToString());
        WriteTexts(data, entry.Client?.IpAddress, entry.Client?.UserAgent, entry.Client?.Device);
        // What is new is written only where it is known, so that older entries keep their codes.
        if (entry.Client?.Location is { } place)
        {
            WriteTexts(data, place.Country, place.Region, place.City, place.NetworkName);
            WriteTexts(data, Invariant(place.Latitude), Invariant(place.Longitude), Invariant(place.Network));
        }

        if (entry.Methods != AuthenticationMethods.None)
            WriteNumbers(data, (uint)entry.Methods);

        return Authenticate(data, key);
    }

    private static string? Invariant(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);

    // A MAC input starts with the previous MAC, which nobody chooses; this constant keeps checkpoints and entries apart.
    private static EntryMac SealOf(SessionId session, UserId user, AuditHead head, MacKey key)
    {
        var data = new ArrayBufferWriter<byte>(128);
        WriteTexts(data, "the beginning of a history was removed");
        WriteNumbers(data, key.Id.Value, user.Shard, user.Value.Value, session.Value, (uint)head.Count, head.Code.Value);
        return Authenticate(data, key);
    }

    private static EntryMac Authenticate(ArrayBufferWriter<byte> data, MacKey key)
    {
        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        key.Authenticate(data.WrittenSpan, code);
        return new(BinaryPrimitives.ReadUInt128BigEndian(code));
    }

    private static void WriteNumbers(ArrayBufferWriter<byte> data, params ReadOnlySpan<UInt128> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt128BigEndian(data.GetSpan(16), value);
            data.Advance(16);
        }
    }

    // Length-prefixed, with null distinct from empty, so that the encoding is unambiguous.
    private static void WriteTexts(ArrayBufferWriter<byte> data, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            BinaryPrimitives.WriteInt32BigEndian(data.GetSpan(sizeof(int)), text is null ? -1 : Encoding.UTF8.GetByteCount(text));
            data.Advance(sizeof(int));
            Encoding.UTF8.GetBytes(text ?? "", data);
        }
    }
}

/// <summary>A log entry's place in its chain, from 1; <c>Code</c> is the MAC over the entry and the previous MAC.</summary>
public sealed record AuditLink(int Sequence, EntryMac Code, KeyId Key, bool IsFinal)
{
    public AuditHead Head => new(Sequence, Code);
}

/// <summary>The end of a chain, in both the session's row and its refresh token, so that the next link needs no read. The default
/// is that of a session from before chains existed.</summary>
public readonly record struct AuditHead(int Count, EntryMac Code)
{
    /// <summary>Where the chain continues, by the heads in the row and in the client's token. The row is ahead if an entry was
    /// recorded since; otherwise the token decides, so if the row lost entries or was set back, the gap stays visible.</summary>
    public static AuditHead Continue(AuditHead row, AuditHead told) => row.Count <= told.Count ? told : row;
}

/// <summary>The first 128 bits of an HMAC-SHA256, written as 32 lower-case hexadecimal digits.</summary>
public readonly record struct EntryMac(UInt128 Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out EntryMac code)
    {
        var isCode = HexDigits.TryRead(text, 32, out UInt128 value);
        code = new(value);
        return isCode;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>Replaces a session's entries up to <c>Head</c> when they are removed; the rest stays verifiable.</summary>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);
