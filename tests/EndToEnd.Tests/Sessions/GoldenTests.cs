using System.Text.Json;
using EndToEnd.Tests.Client;

namespace EndToEnd.Tests.Sessions;

/// <summary>That the golden files would notice a change.</summary>
public sealed class GoldenTests
{
    private const string Good =
        """
        {"tokenType":"Bearer","accessToken":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","expiresIn":1800,
         "refreshToken":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","refreshExpiresIn":43200,
         "session":{"id":"0123456789abcdef0123456789abcdef","lastActivityAt":"2026-01-02T03:04:05.678Z",
                    "expiresAt":"2026-01-02T03:04:05.678Z","absoluteExpiresAt":"2026-01-02T03:04:05.678Z"}}
        """;

    [Fact]
    public void An_answer_of_the_right_shape_fits() => Golden.Refresh.Matches(JsonDocument.Parse(Good).RootElement);

    [Theory]
    [InlineData("\"tokenType\":\"Bearer\",", "")]
    [InlineData("\"tokenType\":\"Bearer\"", "\"tokenType\":\"bearer\"")]
    [InlineData("\"tokenType\"", "\"TokenType\"")]
    [InlineData("\"expiresIn\":1800", "\"expiresIn\":\"1800\"")]
    [InlineData("\"expiresIn\":1800", "\"expiresIn\":0")]
    [InlineData("\"expiresIn\":1800", "\"expiresIn\":1800,\"scope\":\"all\"")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("\"2026-01-02T03:04:05.678Z\",\n", "\"2026-01-02T03:04:05Z\",\n")]
    [InlineData("\"2026-01-02T03:04:05.678Z\",\n", "\"2026-01-02T03:04:05.678+00:00\",\n")]
    [InlineData("\"session\":{", "\"session\":null,\"x\":{")]
    [InlineData("bbbb\",\"refreshExpiresIn\":43200", "bbbb\",\"refreshExpiresIn\":null")]
    public void A_change_is_noticed(string from, string to)
    {
        var changed = Good.Replace(from, to, StringComparison.Ordinal);

        Assert.NotEqual(Good, changed);
        Assert.Single(Golden.Refresh.Differences(JsonDocument.Parse(changed).RootElement));
    }

    [Theory]
    [InlineData("<count>", "0", true)]
    [InlineData("<count>", "-1", false)]
    [InlineData("<count>", "null", false)]
    [InlineData("<count?>", "null", true)]
    [InlineData("<count?>", "0", true)]
    [InlineData("<integer>", "0", false)]
    [InlineData("<time?>", "null", true)]
    [InlineData("<time?>", "\"2026-01-02T03:04:05.678Z\"", true)]
    [InlineData("<time?>", "\"\"", false)]
    [InlineData("<time>", "null", false)]
    public void A_placeholder_takes_what_it_stands_for(string placeholder, string value, bool fits) => Assert.Equal(
        fits, new Golden("a", $"\"{placeholder}\"").Differences(JsonDocument.Parse(value).RootElement).Count == 0);

    [Fact]
    public void The_order_of_properties_counts()
    {
        var golden = new Golden("ab", """{"a":"<string>","b?":"<time>"}""");

        Assert.Empty(golden.Differences(JsonDocument.Parse("""{"a":"x"}""").RootElement));
        Assert.Empty(golden.Differences(JsonDocument.Parse("""{"a":"x","b":"2026-01-02T03:04:05.678Z"}""").RootElement));
        Assert.Single(golden.Differences(JsonDocument.Parse("""{"b":"2026-01-02T03:04:05.678Z","a":"x"}""").RootElement));
    }
}
