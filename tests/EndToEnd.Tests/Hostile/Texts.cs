namespace EndToEnd.Tests.Hostile;

/// <summary>None has a line break: that would be another request.</summary>
internal static class Texts
{
    private static readonly string[] Odd =
    [
        "", " ", "0", "-1", "1e400", "NaN", "Infinity", "9223372036854775808", "-170141183460469231731687303715884105729", "٣", "½",
        "null", "undefined", "true", "[]", "{}", "''", "\"", "\\", "%", "%00", "%0", "%ff%fe", "%c0%ae", "%u0041", "..", "../..", "/",
        "//", "\\..\\", "a:b", "a|b", "a#b", "a?b", "$filter=1 eq 1", "' or 1 eq 1 or '", "\u0000", "\u0001", "\u007f", "\u0085",
        "\ufeff", "\u200b", "\u202e", "\ud83d\ude00", "e\u0301", "ﷺ", "ß", "İ", "K", "﷽", "<script>", "${jndi:x}", "{0}", "{{x}}",
        "W/\"1\"", "Bearer", "a,b,c", "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "00000000000000000000000000000000",
        "0001KAHZ3YQ6T0N8M5R2V4W7X9ZA", "ffZZZZZZZZZZZZZZZZZZZZZZZZZZ", "127.0.0.1", "[::1]:80", "::ffff:1.2.3.4", "999.1.1.1",
    ];

    private static readonly string[] HeaderNames =
    [
        "Authorization", "Content-Type", "Cookie", "Origin", "X-Session-Request", "X-Forwarded-For", "User-Agent", "If-None-Match",
        "Sec-CH-UA", "Sec-CH-UA-Platform", "traceparent", "Accept", "Accept-Encoding", "Range", "Content-Encoding", "X-HTTP-Method-Override",
        "Forwarded", "Expect", "Connection", "Access-Control-Request-Method",
    ];

    private static readonly string[] QueryNames = ["after", "limit", "since", "email", "others", "code", ""];

    public static string Any(Random random) => random.Next(12) switch
    {
        0 => new string('a', random.Next(1, 9000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(32, 0xd7ff))),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        3 => string.Concat(Enumerable.Repeat(Pick(Odd, random), random.Next(1, 50))),
        4 => Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())) + Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())),
        _ => Pick(Odd, random),
    };

    public static string Query(Random random) =>
        "?" + string.Join('&', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{Pick(QueryNames, random)}={OnOneLine(Any(random))}"));

    public static (string Name, string Value) Header(Random random)
    {
        var name = Pick(HeaderNames, random);
        var value = OnOneLine(Any(random));
        return (name, name switch
        {
            "Cookie" => $"__Host-refresh={value}; a={value}",
            "Content-Type" => random.Next(2) == 0 ? $"application/json; charset={value}" : value,
            "X-Forwarded-For" => string.Join(", ", Enumerable.Repeat(value.Length > 500 ? "1.2.3.4" : value, random.Next(1, 30))),
            _ => value,
        });
    }

    public static string Damage(string text, Random random)
    {
        if (text.Length == 0)
            return OnOneLine(Any(random));
        var at = random.Next(text.Length);
        return random.Next(4) switch
        {
            0 => text[..at] + (char)random.Next(33, 127) + text[(at + 1)..],
            1 => text[..at] + OnOneLine(Any(random)) + text[at..],
            2 => text[..at],
            _ => text[..at] + text[(at + 1)..],
        };
    }

    public static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];

    private static string OnOneLine(string text) => text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
