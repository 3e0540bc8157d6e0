using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Sessions.Tokens;

/// <summary>The text in which a key ring is kept by whatever store: a row of a table, a secret of a vault.</summary>
public static class KeyRingJson
{
    /// <summary>Writes a ring, secrets included.</summary>
    public static string Write(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var document = new KeyRingDocument(
            [.. ring.SigningKeys.Select(key => new KeyDocument(key.Id.ToString(), key.SignsFrom, key.ExportPrivateKey()))],
            [.. ring.MacKeys.Select(key => new KeyDocument(key.Id.ToString(), key.SignsFrom, key.ExportSecret()))]);
        return JsonSerializer.Serialize(document, KeyRingJsonContext.Default.KeyRingDocument);
    }

    /// <summary>Reads a ring.</summary>
    /// <exception cref="StorageUnavailableException">The text is no key ring: nothing can be decided with it.</exception>
    public static KeyRing Read(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, KeyRingJsonContext.Default.KeyRingDocument)
                ?? throw new FormatException("The text is null.");
            return new(
                [.. document.Signing.Select(key => new SigningKey(Id(key), key.SignsFrom, key.Key))],
                [.. document.Mac.Select(key => new MacKey(Id(key), key.SignsFrom, key.Key))]);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new StorageUnavailableException("The stored key ring can't be read.", exception);
        }
    }

    private static KeyId Id(KeyDocument key) =>
        KeyId.TryParse(key.Id, out var id) ? id : throw new FormatException("A key has no proper id.");
}

internal sealed record KeyRingDocument(KeyDocument[] Signing, KeyDocument[] Mac);

internal sealed record KeyDocument(string Id, DateTimeOffset SignsFrom, byte[] Key);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeyRingDocument))]
internal sealed partial class KeyRingJsonContext : JsonSerializerContext;
