namespace EndToEnd.Tests.Sessions;

/// <summary>A JSON web token taken apart and put together wrongly, without the product's code.</summary>
internal sealed record Jwt(string HeaderPart, string ClaimsPart, string SignaturePart)
{
    public JsonElement Header => JsonDocument.Parse(Base64Url.DecodeFromChars(HeaderPart)).RootElement;
    public JsonElement Claims => JsonDocument.Parse(Base64Url.DecodeFromChars(ClaimsPart)).RootElement;
    public string ClaimsJson => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(ClaimsPart));

    public static Jwt Parse(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return new(parts[0], parts[1], parts[2]);
    }

    public static string Sign(string headerJson, string claimsJson, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(headerJson)}.{Encode(claimsJson)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public override string ToString() => $"{HeaderPart}.{ClaimsPart}.{SignaturePart}";
}
