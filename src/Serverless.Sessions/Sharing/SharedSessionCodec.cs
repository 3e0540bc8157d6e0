using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Sessions.Sharing;

/// <summary>Writes and reads a session for the shared cache: version, key, time of the read from storage, the state as JSON, and the
/// HMAC-SHA256 over all of it and the session's id. Nothing is trusted before the MAC is verified.</summary>
internal static class SharedSessionCodec
{
    /// <summary>In bytes; a longer value is neither written nor read.</summary>
    public const int MaximumLength = 8 * 1024;

    // A new one for each change of SharedSession: two releases share values while the later is deployed.
    private const byte FormatVersion = 1;
    private const int KeyIdAt = 1;
    private const int ReadAtAt = KeyIdAt + sizeof(ulong);
    private const int StateAt = ReadAtAt + sizeof(long);

    // Neither a refresh token nor another value under the same key begins so.
    private static ReadOnlySpan<byte> Purpose => "shared-session\n"u8;

    /// <summary>Returns null for a session that is too long.</summary>
    public static byte[]? Write(Session session, DateTimeOffset readAt, KeyRing ring, DateTimeOffset now)
    {
        var key = ring.MacAt(now);
        var state = JsonSerializer.SerializeToUtf8Bytes(SharedSession.Of(session), SharedJson.Default.SharedSession);
        var size = StateAt + state.Length + MacKey.CodeLength;
        if (size > MaximumLength)
            return null;
        var value = new byte[size];
        value[0] = FormatVersion;
        BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(KeyIdAt), key.Id.Value);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(ReadAtAt), readAt.ToUnixTimeMilliseconds());
        state.CopyTo(value.AsSpan(StateAt));
        Authenticate(key, session.Id, value.AsSpan(0, size - MacKey.CodeLength), value.AsSpan(size - MacKey.CodeLength));
        return value;
    }

    /// <summary>Returns null for what isn't a value of this session that an instance of this version wrote.</summary>
    public static (Session Session, DateTimeOffset ReadAt)? Read(SessionId id, ReadOnlySpan<byte> value, KeyRing ring)
    {
        if (value.Length is <= StateAt + MacKey.CodeLength or > MaximumLength || value[0] != FormatVersion
            || ring.FindMac(new(BinaryPrimitives.ReadUInt64BigEndian(value[KeyIdAt..]))) is not { } key)
        {
            return null;
        }

        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        Authenticate(key, id, value[..^MacKey.CodeLength], code);
        if (!CryptographicOperations.FixedTimeEquals(code, value[^MacKey.CodeLength..]))
            return null;
        var state = JsonSerializer.Deserialize(value[StateAt..^MacKey.CodeLength], SharedJson.Default.SharedSession)!;
        return (state.ToSession(id), DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(value[ReadAtAt..])));
    }

    private static void Authenticate(MacKey key, SessionId id, ReadOnlySpan<byte> value, Span<byte> code)
    {
        const int IdLength = 16;
        Span<byte> data = stackalloc byte[Purpose.Length + IdLength + value.Length];
        Purpose.CopyTo(data);
        BinaryPrimitives.WriteUInt128BigEndian(data[Purpose.Length..], id.Value);
        value.CopyTo(data[(Purpose.Length + IdLength)..]);
        key.Authenticate(data, code);
    }
}

/// <summary>What requests ask of a session. What only its next change needs (rotations, audit, the secret of a push subscription) is read
/// from storage then.</summary>
internal sealed record SharedSession(
    string User, string Email, IReadOnlyList<string> Roles, ClientInfo Client, bool Remember, DateTimeOffset CreatedAt,
    DateTimeOffset LastActivityAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt, DateTimeOffset NumberStartedAt,
    int Generation, int Number, EndReason ExpiryReason, DateTimeOffset AuthenticatedAt, AuthenticationMethods Methods, SessionEnd? Ending)
{
    public static SharedSession Of(Session session) => new(
        session.UserId.ToString(), session.Email.Value, session.Roles, session.Client, session.Remember, session.CreatedAt,
        session.LastActivityAt, session.ExpiresAt, session.AbsoluteExpiresAt, session.NumberStartedAt, session.Generation, session.Number,
        session.ExpiryReason, session.Authentication.At, session.Authentication.Methods, session.Ending);

    public Session ToSession(SessionId id) => new(
        id, UserId.TryParse(User, out var user) ? user : throw new FormatException("A value of this service has no user."),
        Accounts.Email.OfStored(Email, null), Roles, Client, Remember, CreatedAt, LastActivityAt, ExpiresAt, AbsoluteExpiresAt,
        NumberStartedAt)
    {
        Generation = Generation,
        Number = Number,
        ExpiryReason = ExpiryReason,
        Authentication = new(AuthenticatedAt, Methods),
        Ending = Ending,
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SharedSession))]
internal sealed partial class SharedJson : JsonSerializerContext;
