using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Serverless.Sessions.Tokens;

/// <summary>The claims of an access token as JSON (RFC 9068, 2.2, with the <c>sid</c> of OpenID Connect).</summary>
internal static class AccessTokenClaims
{
    public static ReadOnlySpan<byte> Write(AccessToken token, TokenOptions options)
    {
        Span<char> sid = stackalloc char[SessionId.TextLength + 12];
        sid.TryWrite(CultureInfo.InvariantCulture, $"{token.SessionId}.{token.Number}", out var length);
        var buffer = new ArrayBufferWriter<byte>(384);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("iss"u8, options.Issuer);
        json.WriteString("aud"u8, options.Audience);
        json.WriteString("client_id"u8, options.ClientId);
        json.WriteString("sub"u8, token.UserId.ToString());
        json.WriteString("sid"u8, sid[..length]);
        json.WriteNumber("iat"u8, token.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, token.ExpiresAt.ToUnixTimeSeconds());
        json.WriteString("jti"u8, Guid.NewGuid());
        json.WriteStartArray("roles"u8);
        foreach (var role in token.Roles)
            json.WriteStringValue(role);
        json.WriteEndArray();
        json.WriteNumber("auth_time"u8, token.AuthenticatedAt.ToUnixTimeSeconds());
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>Returns false if issuer or audience differ, or <c>sub</c> or <c>sid</c> is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, TokenOptions options, [NotNullWhen(true)] out AccessToken? token)
    {
        token = null;
        bool issuer = false, audience = false;
        string? subject = null, session = null;
        long issuedAt = 0, expiresAt = 0, authenticatedAt = 0;
        IReadOnlyList<string> roles = [];

        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("iss"u8))
                issuer = reader.Read() && reader.ValueTextEquals(options.Issuer);
            else if (reader.ValueTextEquals("aud"u8))
                audience = reader.Read() && reader.ValueTextEquals(options.Audience);
            else if (reader.ValueTextEquals("sub"u8))
                subject = ReadString(ref reader);
            else if (reader.ValueTextEquals("sid"u8))
                session = ReadString(ref reader);
            else if (reader.ValueTextEquals("iat"u8))
                issuedAt = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("exp"u8))
                expiresAt = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("auth_time"u8))
                authenticatedAt = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("roles"u8))
                roles = ReadRoles(ref reader);
            else
                SkipValue(ref reader);
        }

        if (!issuer || !audience || !UserId.TryParse(subject, out var userId)
            || !TryReadSession(session, out var sessionId, out var number))
        {
            return false;
        }

        token = new()
        {
            UserId = userId,
            SessionId = sessionId,
            Number = number,
            Roles = roles,
            AuthenticatedAt = DateTimeOffset.FromUnixTimeSeconds(authenticatedAt),
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expiresAt),
        };
        return true;
    }

    private static bool TryReadSession(ReadOnlySpan<char> sid, out SessionId id, out int number)
    {
        number = 0;
        return SessionId.TryParse(sid[..Math.Min(sid.Length, SessionId.TextLength)], out id)
            && sid.Length > SessionId.TextLength + 1
            && sid[SessionId.TextLength] == '.'
            && int.TryParse(sid[(SessionId.TextLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static long ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    private static List<string> ReadRoles(ref Utf8JsonReader reader)
    {
        var roles = new List<string>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
            roles.Add(reader.GetString()!);
        return roles;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
