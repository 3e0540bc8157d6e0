using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Sessions.Settings;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>docs/settings.md says what the code does.</summary>
public sealed partial class SettingsDocumentTests
{
    /// <summary>What takes any text, or is looked at by more than an attribute: there the page has words of its own.</summary>
    private static readonly string[] FreeTexts =
    [
        "Tokens__Audience", "Tokens__ClientId", "Captcha__Secret", "Cookies__AllowedOrigins", "Administrator__Email", "Administrator__Password",
        "Demo__Email", "Demo__Password",
    ];

    private static readonly Row[] Rows = [.. ReadRows()];

    [Fact]
    public void Every_setting_has_one_row_and_every_row_a_setting() => Assert.Equal(
        SettingsTests.Settings.Select(setting => setting.Name).Concat(SettingsTests.HostSettings).Order(),
        Rows.Select(row => row.Name).Order());

    [Fact]
    public void A_row_has_the_default_of_the_code() => Assert.Equal(
        SettingsTests.Settings.Select(setting => $"{setting.Name}: {Default(setting)}"),
        SettingsTests.Settings.Select(setting => $"{setting.Name}: {RowOf(setting.Name).Default}"));

    [Fact]
    public void A_row_allows_what_the_code_allows()
    {
        var ruled = SettingsTests.Settings.ExceptBy(FreeTexts, setting => setting.Name).ToList();
        Assert.Equal(
            ruled.Select(setting => $"{setting.Name}: {Allowed(setting)}"),
            ruled.Select(setting => $"{setting.Name}: {RowOf(setting.Name).Allowed}"));
    }

    [Fact]
    public void What_the_host_reads_is_shown_as_in_the_sample() => Assert.All(
        SettingsTests.HostSettings, name => Assert.Equal(SettingsTests.Sample[name], RowOf(name).Default));

    [Theory]
    [InlineData("Seconds", "seconds")]
    [InlineData("Minutes", "minutes")]
    [InlineData("Hours", "hours")]
    [InlineData("Days", "days")]
    public void A_time_has_the_unit_of_its_name(string ending, string unit) =>
        Assert.All(Rows, row => Assert.Equal(row.Name.EndsWith(ending, StringComparison.Ordinal), row.Unit == unit));

    [Fact]
    public void Every_cell_says_something() =>
        Assert.All(Rows, row => Assert.DoesNotContain("", new[] { row.Meaning, row.Unit, row.Allowed, row.Default, row.When }));

    [Theory]
    [InlineData("README.md", "(docs/settings.md)")]
    [InlineData("docs/operations.md", "(settings.md)")]
    public void The_page_is_linked(string page, string link) =>
        Assert.Contains(link, File.ReadAllText(Path.Combine(RepositoryRoot.Path, page)), StringComparison.Ordinal);

    private static Row RowOf(string name) => Assert.Single(Rows, row => row.Name == name);

    private static string Allowed(Setting setting) =>
        setting.Form.Replace("must be a whole number from ", "", StringComparison.Ordinal).Replace("must be ", "", StringComparison.Ordinal);

    private static string Default(Setting setting)
    {
        var value = setting.Property.GetValue(Activator.CreateInstance(setting.Property.DeclaringType!));
        return Convert.ToString(value, CultureInfo.InvariantCulture) switch
        {
            null or "" => "none",
            "True" => "true",
            "False" => "false",
            var text => text,
        };
    }

    private static IEnumerable<Row> ReadRows() =>
        from match in Line().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "settings.md")))
        let cells = match.Value.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)
        select new Row(cells[0].Trim('`'), cells[1], cells[2], cells[3], cells[4], cells[5]);

    [GeneratedRegex(@"^\| `.*\|$", RegexOptions.Multiline)]
    private static partial Regex Line();

    private sealed record Row(string Name, string Meaning, string Unit, string Allowed, string Default, string When);
}
