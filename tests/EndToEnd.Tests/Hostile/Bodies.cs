namespace EndToEnd.Tests.Hostile;

internal static class Bodies
{
    // Locked after its first failures, so that no test spends time on a hash.
    public const string LockedEmail = "locked@example.com";

    private static readonly string[] Fields =
        ["email", "password", "remember", "device", "cookie", "captchaToken", "refreshToken", "attempt", "roles", "disabled", "currentPassword", "newPassword", "state", "credential", "name"];

    public static string Valid(string template, Random random, IReadOnlyList<string> refreshTokens) => template switch
    {
        "/sessions/login" => $$"""{"email":"{{LockedEmail}}","password":"wrong horse battery staple","remember":true,"device":"x"}""",
        "/sessions/refresh" or "/auth/refresh" or "/sessions/logout" =>
            $$"""{"refreshToken":"{{refreshTokens[random.Next(refreshTokens.Count)]}}","attempt":"{{random.NextInt64()}}-attempt"}""",
        "/accounts/password" => """{"currentPassword":"short","newPassword":"short"}""",
        "/accounts" or "/admin/accounts" => """{"email":"no address","password":"wrong horse battery staple","roles":["reader"]}""",
        "/admin/accounts/{userId}" => """{"disabled":false,"roles":["reader"]}""",
        "/sessions/passkey" or "/accounts/passkeys" or "/accounts/passkey" or "/sessions/step-up" =>
            """{"state":"x","credential":{"id":"x","rawId":"x","type":"public-key","response":{"clientDataJSON":"e30"}},"name":"x"}""",
        "/accounts/passkey/options" => """{"email":"no address"}""",
        "/accounts/passkeys/{id}" => """{"name":"x"}""",
        _ => "{}",
    };

    public static string Torture(Random random) => random.Next(15) switch
    {
        0 => new string('[', random.Next(1, 8000)),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 3000))),
        2 => $$"""{"{{Field(random)}}":{{Value(random)}},"{{Field(random)}}":{{Value(random)}}}""",
        3 => $$"""{"{{Field(random)}}":{{Value(random)}}}""" + Texts.Any(random),
        4 => "\ufeff{}",
        5 => """{"email":"\ud800","password":"\udfff\u0000"}""",
        13 => new string(' ', random.Next(16_384, 40_000)),
        6 => new string(' ', random.Next(1, 16_000)) + "{}",
        7 => "[" + string.Join(',', Enumerable.Repeat(Value(random), random.Next(1, 200))) + "]",
        8 => Value(random),
        9 => Texts.Any(random),
        10 => """{"refreshToken":""" + new string('9', random.Next(1, 6000)) + "}",
        11 => "/* c */ {\"email\":\"a@b.c\",}",
        12 => """{"refreshToken":{"refreshToken":"x"},"attempt":["a"],"email":{},"roles":"admin","disabled":"true"}""",
        _ => $$"""{"{{JsonEncodedText.Encode(Texts.Any(random))}}":{{Value(random)}}}""",
    };

    public static string WithTorture(string json, Random random)
    {
        var end = json.LastIndexOf('}');
        return end < 0 ? json : $"{json[..end]},\"{Field(random)}\":{Value(random)}}}";
    }

    public static byte[] Damage(byte[] body, Random random)
    {
        var damaged = (byte[])body.Clone();
        var at = random.Next(damaged.Length);
        switch (random.Next(3))
        {
            case 0:
                damaged[at] = (byte)random.Next(256);
                return damaged;
            case 1:
                return damaged[..at];
            default:
                return [.. damaged[..at], .. Encoding.Unicode.GetBytes(Texts.Any(random)), .. damaged[at..]];
        }
    }

    private static string Field(Random random) => Texts.Pick(Fields, random);

    private static string Value(Random random) => random.Next(8) switch
    {
        0 => "null",
        1 => "1e999",
        2 => "-0.0000000000000000000000000000000000001",
        3 => "[[[[[[[[[[1]]]]]]]]]]",
        4 => "{\"email\":{\"email\":{}}}",
        5 => "true",
        _ => JsonSerializer.Serialize(Texts.Any(random)),
    };
}
