using System.Text.Json;
using EndToEnd.Tests.Client;
using Serverless.Testing.OpenApi;

namespace EndToEnd.Tests.Discovery;

/// <summary>That the golden files and openapi.json say the same.</summary>
public sealed class GoldenContractTests
{
    private static readonly Dictionary<string, string> SchemaOf = new()
    {
        ["admin-account"] = "AdminAccount",
        ["admin-accounts"] = "AdminAccounts",
        ["conversations"] = "Conversations",
        ["failed-logins"] = "FailedLogins",
        ["health-live"] = "Live",
        ["health-ready"] = "Ready",
        ["heartbeat"] = "Heartbeat",
        ["jwks"] = "JsonWebKeySet",
        ["login"] = "Login",
        ["login-cookie"] = "Login",
        ["message"] = "Message",
        ["messages"] = "Messages",
        ["my-session-logs"] = "MySessionLogs",
        ["my-sessions"] = "MySessions",
        ["new-account"] = "Account",
        ["notices"] = "Notices",
        ["openid-configuration"] = "OpenIdConfiguration",
        ["presence"] = "Presence",
        ["problem"] = "Problem",
        ["refresh"] = "Refresh",
        ["refresh-cookie"] = "Refresh",
        ["revocations-claims"] = "RevocationsClaims",
        ["security-events"] = "SecurityEvents",
        ["session-audit"] = "SessionAudit",
        ["statistics"] = "Statistics",
        ["status"] = "Status",
        ["suspicious-ips"] = "SuspiciousIps",
    };

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Golden.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_golden_file_agrees_with_its_schema(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Folder, $"{name}.json")));
        Assert.Empty(Compare("$", golden.RootElement, ApiDocument.Schema(SchemaOf[name])));
    }

    [Fact]
    public void Every_answer_with_a_schema_has_a_golden_file() => Assert.Empty(
        (from operation in ApiDocument.Operations
         from response in operation.Responses.Values
         where response.TryGetProperty("content", out _)
         from each in ApiDocument.Walk(response.GetProperty("content"))
         where each.Path.EndsWith("/$ref", StringComparison.Ordinal)
         select each.Element.GetString()!.Split('/')[^1])
        // The header of the feed's JWT, which is the same for ever.
        .Distinct().Except(SchemaOf.Values).Except(["RevocationsHeader"]));

    [Theory]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<integer>"}""")]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<integer>","serverTime":"<time>","more":"<string>"}""")]
    [InlineData("""{"online":true,"serverTime":"<time>","nextHeartbeatMs":"<integer>"}""")]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<integer>","serverTime?":"<time>"}""")]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<integer>","serverTime":"<time?>"}""")]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<string>","serverTime":"<time>"}""")]
    [InlineData("""{"online":true,"nextHeartbeatMs":"<integer>","serverTime":"<id>"}""")]
    [InlineData("""{"online":"<boolean>","nextHeartbeatMs":["<integer>"],"serverTime":"<time>"}""")]
    [InlineData("""{"online":false,"nextHeartbeatMs":"<integer>","serverTime":"<time>"}""")]
    public void A_golden_file_that_says_something_else_is_noticed(string json) =>
        Assert.Single(Compare("$", JsonDocument.Parse(json).RootElement, ApiDocument.Schema("Heartbeat")));

    private static IEnumerable<string> Compare(string path, JsonElement golden, JsonElement schema)
    {
        schema = ApiDocument.Resolve(schema);
        return golden.ValueKind switch
        {
            JsonValueKind.Object => CompareObjects(path, golden, schema),
            JsonValueKind.Array when Schema.TypesOf(schema) is ["array"] =>
                golden.EnumerateArray().SelectMany(item => Compare($"{path}[]", item, schema.GetProperty("items"))),
            JsonValueKind.String when golden.GetString()!.StartsWith('<') => ComparePlaceholder(path, golden.GetString()!, schema),
            _ => Schema.Differences(schema, golden, path),
        };
    }

    // A file may leave out, or always have, what the schema leaves open: there are two of a login.
    private static IEnumerable<string> CompareObjects(string path, JsonElement golden, JsonElement schema)
    {
        var shapes = golden.EnumerateObject().ToDictionary(shape => shape.Name.TrimEnd('?'));
        var properties = schema.GetProperty("properties");
        var required = Schema.RequiredBy(schema).ToList();
        var declared = properties.EnumerateObject().Select(property => property.Name)
            .Where(name => shapes.ContainsKey(name) || required.Contains(name)).ToList();
        if (!shapes.Keys.SequenceEqual(declared))
            return [$"{path} has {string.Join(", ", shapes.Keys)}, and its schema {string.Join(", ", declared)}"];
        return shapes.SelectMany(shape => shape.Value.Name.EndsWith('?') && required.Contains(shape.Key)
            ? [$"{path}.{shape.Key} is required by its schema"]
            : Compare($"{path}.{shape.Key}", shape.Value.Value, properties.GetProperty(shape.Key)));
    }

    private static IEnumerable<string> ComparePlaceholder(string path, string placeholder, JsonElement schema)
    {
        var type = placeholder.Trim('<', '>').TrimEnd('?') switch
        {
            "integer" or "count" => "integer",
            "boolean" => "boolean",
            _ => "string",
        };
        string[] types = placeholder.EndsWith("?>", StringComparison.Ordinal) ? [type, "null"] : [type];
        var isTime = schema.TryGetProperty("format", out var format) && format.GetString() == "date-time";
        if (!types.SequenceEqual(Schema.TypesOf(schema)) || isTime != placeholder.StartsWith("<time", StringComparison.Ordinal))
            return [$"{path} is {placeholder}, and its schema {schema}"];
        var sample = placeholder.TrimEnd('>').TrimEnd('?') switch
        {
            "<id" => "0123456789abcdef0123456789abcdef",
            "<userId" => "0001KAHZ3YQ6T0N8M5R2V4W7X9ZA",
            _ => null,
        };
        return sample is null ? [] : Schema.Differences(schema, JsonSerializer.SerializeToElement(sample), path);
    }
}
