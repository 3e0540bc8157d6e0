using System.Text.Json;

namespace Serverless.Sessions.Ending;

/// <summary>Writes the feed as a JWT, whose type keeps it from being accepted as an access token (RFC 8725, 3.11).</summary>
internal static class RevocationToken
{
    public const string Type = "revocations+jwt";

    public static ReadOnlyMemory<byte> WriteSessions(IEnumerable<Revocation> revocations)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var revocation in revocations)
        {
            json.WriteStartObject();
            json.WriteString("sid"u8, revocation.SessionId.ToString());
            json.WriteNumber("before"u8, ToSecond(revocation.Before));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static string Write(ReadOnlySpan<byte> sessions, KeyRing ring, string issuer, DateTimeOffset readAt, TimeSpan cache)
    {
        var buffer = new ArrayBufferWriter<byte>(sessions.Length + 256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("iss"u8, issuer);
        json.WriteNumber("iat"u8, readAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, ToSecond(readAt + cache));
        json.WritePropertyName("sessions"u8);
        json.WriteRawValue(sessions, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        var key = ring.SignerAt(readAt);
        return CompactJws.Write(key.HeaderOf(Type), buffer.WrittenSpan, key);
    }

    // Round up: token times are rounded down, so a token issued before the time must not look newer.
    private static long ToSecond(DateTimeOffset time) => time.AddSeconds(1).AddTicks(-1).ToUnixTimeSeconds();
}
