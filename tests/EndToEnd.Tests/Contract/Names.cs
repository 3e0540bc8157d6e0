namespace EndToEnd.Tests.Contract;

/// <summary>The names that clients rely on, from openapi.json.</summary>
internal static class Names
{
    public static IReadOnlyDictionary<string, int> Problems => (
        from response in ApiDocument.Components("responses").EnumerateObject()
        where response.Value.TryGetProperty("content", out _)
        let rule = response.Value.GetProperty("content").GetProperty("application/problem+json")
            .GetProperty("schema").GetProperty("allOf")[1].GetProperty("properties")
        from code in Texts(rule.GetProperty("code"), "enum")
        select (code, rule.GetProperty("status").Number("const")))
        .Distinct().GroupBy(each => each.code).ToDictionary(same => same.Key, same => same.Max(each => each.Item2));

    public static IReadOnlyList<string> Reasons =>
        Texts(ApiDocument.Schema("Problem").GetProperty("properties").GetProperty("reason"), "examples");

    public static IReadOnlyList<string> SecurityEventKinds =>
        Texts(ApiDocument.Schema("SecurityEvent").GetProperty("properties").GetProperty("kind"), "enum");

    private static List<string> Texts(JsonElement holder, string name) =>
        [.. holder.Items(name).Select(each => each.GetString()!)];
}
