using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Sessions.Tokens;

/// <summary>The text form of a key ring, secrets included; the same in every store: a table row or a vault secret.</summary>
public static class KeyRingJson
{
    public static string Write(KeyRing ring) => JsonSerializer.Serialize(
        new KeyRingDocument(
            [.. ring.SigningKeys.Select(ToDocument)], [.. ring.MacKeys.Select(ToDocument)],
            [.. ring.AuditKeys.Select(ToDocument)], ring.Sequence, ring.PushKey is { } push ? ToDocument(push) : null),
        KeyRingJsonContext.Default.KeyRingDocument);

    public static bool TryRead(string json, [NotNullWhen(true)] out KeyRing? ring)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, KeyRingJsonContext.Default.KeyRingDocument)
                ?? throw new FormatException("The text is null.");
            ring = new(
                [.. document.Signing.Select(key => new SigningKey(Id(key), key.SignsFrom, key.Key))],
                [.. document.Mac.Select(ToMacKey)], [.. document.Audit.Select(ToMacKey)], document.Sequence,
                document.Push is { } push ? new(Id(push), push.SignsFrom, push.Key) : null);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException
            or CryptographicException)
        {
            ring = null;
            return false;
        }
    }

    private static KeyDocument ToDocument(IRingKey key) => new(key.Id.ToString(), key.SignsFrom, key.Export());
    private static MacKey ToMacKey(KeyDocument key) => new(Id(key), key.SignsFrom, key.Key);

    private static KeyId Id(KeyDocument key) =>
        KeyId.TryParse(key.Id, out var id) ? id : throw new FormatException("A key has no valid id.");
}

internal sealed record KeyRingDocument(
    KeyDocument[] Signing, KeyDocument[] Mac, KeyDocument[] Audit, int Sequence = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeyDocument? Push = null);
internal sealed record KeyDocument(string Id, DateTimeOffset SignsFrom, byte[] Key);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeyRingDocument))]
internal sealed partial class KeyRingJsonContext : JsonSerializerContext;
