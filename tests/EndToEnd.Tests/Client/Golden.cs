using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Testing;

namespace EndToEnd.Tests.Client;

/// <summary>The exact shape of an answer, kept in a file that other suites read too; Golden/README.md says how.</summary>
public sealed partial class Golden
{
    private readonly string _name;
    private readonly JsonElement _shape;

    public Golden(string name, string json) => (_name, _shape) = (name, JsonDocument.Parse(json).RootElement);

    /// <summary>Where the files are. It stands first: the others read them.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "tests", "EndToEnd.Tests", "Golden");

    public static Golden Login { get; } = Load("login");

    public static Golden Refresh { get; } = Load("refresh");

    public static Golden LoginByCookie { get; } = Load("login-cookie");

    public static Golden RefreshByCookie { get; } = Load("refresh-cookie");

    public static Golden Status { get; } = Load("status");

    public static Golden Problem { get; } = Load("problem");

    public static Golden MySessions { get; } = Load("my-sessions");

    public static Golden MySessionLogs { get; } = Load("my-session-logs");

    public static Golden Heartbeat { get; } = Load("heartbeat");

    public static Golden Notices { get; } = Load("notices");

    public static Golden Message { get; } = Load("message");

    public static Golden Messages { get; } = Load("messages");

    public static Golden Conversations { get; } = Load("conversations");

    public static Golden Presence { get; } = Load("presence");

    public static Golden NewAccount { get; } = Load("new-account");

    public static Golden Account { get; } = Load("admin-account");

    public static Golden Accounts { get; } = Load("admin-accounts");

    public static Golden SessionAudit { get; } = Load("session-audit");

    public static Golden SecurityEvents { get; } = Load("security-events");

    public static Golden SuspiciousIps { get; } = Load("suspicious-ips");

    public static Golden Statistics { get; } = Load("statistics");

    public static Golden FailedLogins { get; } = Load("failed-logins");

    public static Golden HealthLive { get; } = Load("health-live");

    public static Golden HealthReady { get; } = Load("health-ready");

    public static Golden Discovery { get; } = Load("openid-configuration");

    public static Golden Keys { get; } = Load("jwks");

    public static Golden RevocationsClaims { get; } = Load("revocations-claims");

    /// <summary>Expects the same properties in the same order, and values of the right format.</summary>
    public void Matches(JsonElement answer)
    {
        var differences = Differences(answer);
        Assert.True(differences.Count == 0, $"Not as in Golden/{_name}.json: {string.Join("; ", differences)}\n{answer}");
    }

    public IReadOnlyList<string> Differences(JsonElement answer) => [.. Compare("$", _shape, answer)];

    private static IEnumerable<string> Compare(string path, JsonElement shape, JsonElement actual) => shape.ValueKind switch
    {
        JsonValueKind.Object when actual.ValueKind == JsonValueKind.Object => CompareObjects(path, shape, actual),
        JsonValueKind.Array when actual.ValueKind == JsonValueKind.Array && shape.GetArrayLength() > 0 =>
            actual.EnumerateArray().SelectMany((item, i) => Compare($"{path}[{i}]", shape[0], item)),
        JsonValueKind.String when shape.GetString()!.StartsWith('<') =>
            Fits(shape.GetString()!, actual) ? [] : [Wrong(path, shape, actual)],
        _ => JsonElement.DeepEquals(shape, actual) ? [] : [Wrong(path, shape, actual)],
    };

    private static IEnumerable<string> CompareObjects(string path, JsonElement shape, JsonElement actual)
    {
        // A name that ends in a question mark may be absent.
        var expected = shape.EnumerateObject()
            .Where(property => !property.Name.EndsWith('?') || actual.TryGetProperty(property.Name[..^1], out _))
            .ToDictionary(property => property.Name.TrimEnd('?'), property => property.Value);
        var names = actual.EnumerateObject().Select(property => property.Name).ToList();
        if (!names.SequenceEqual(expected.Keys))
            return [$"{path} has {string.Join(", ", names)} instead of {string.Join(", ", expected.Keys)}"];
        return expected.SelectMany(property =>
            Compare($"{path}.{property.Key}", property.Value, actual.GetProperty(property.Key)));
    }

    private static string Wrong(string path, JsonElement shape, JsonElement actual) => $"{path} is {actual} instead of {shape}";

    private static bool Fits(string placeholder, JsonElement actual) => actual.ValueKind switch
    {
        JsonValueKind.Null => placeholder.EndsWith("?>", StringComparison.Ordinal),
        JsonValueKind.True or JsonValueKind.False => placeholder == "<boolean>",
        JsonValueKind.Number => actual.TryGetInt64(out var number) && FitsNumber(NotNull(placeholder), number),
        JsonValueKind.String => FitsText(NotNull(placeholder), actual.GetString()!),
        _ => false,
    };

    private static string NotNull(string placeholder) => placeholder.Replace("?>", ">", StringComparison.Ordinal);

    private static bool FitsNumber(string placeholder, long number) => placeholder switch
    {
        "<integer>" => number > 0,
        "<count>" => number >= 0,
        _ => false,
    };

    private static bool FitsText(string placeholder, string text) => placeholder switch
    {
        "<string>" => text.Length > 0,
        "<time>" => DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "<id>" => Id().IsMatch(text),
        "<userId>" => UserId().IsMatch(text),
        "<token>" => Token().IsMatch(text),
        _ => false,
    };

    private static Golden Load(string name) => new(name, File.ReadAllText(Path.Combine(Folder, $"{name}.json")));

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Id();

    [GeneratedRegex("^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$")]
    private static partial Regex UserId();

    [GeneratedRegex("^[A-Za-z0-9_.-]{40,}$")]
    private static partial Regex Token();
}
