using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Tables.KeyVault;

/// <summary>A version of a secret as the vault's REST interface has it (api-version 7.4).</summary>
internal sealed record VaultSecret(string Value, string? Id, VaultSecretAttributes? Attributes)
{
    /// <summary>The last part of the id: {vault}/secrets/{name}/{version}.</summary>
    public string Version => Id?[(Id.LastIndexOf('/') + 1)..] ?? throw new JsonException("A secret has no id.");
}

/// <summary>What the vault says of a version.</summary>
/// <param name="Created">When it was set, in Unix seconds by the vault's clock.</param>
internal sealed record VaultSecretAttributes(long Created);

internal sealed record SetSecretBody(string Value, string ContentType);

internal sealed record VaultErrorBody(VaultError? Error);

internal sealed record VaultError(string? Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(VaultSecret))]
[JsonSerializable(typeof(SetSecretBody))]
[JsonSerializable(typeof(VaultErrorBody))]
internal sealed partial class VaultJson : JsonSerializerContext;
