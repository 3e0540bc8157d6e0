using System.Text.RegularExpressions;
using EndToEnd.Tests.Client;
using EndToEnd.Tests.Hosting;
using Serverless.Testing;

namespace EndToEnd.Tests.Dashboard;

/// <summary>How the dashboard is served; what it shows is tested in a browser, beside its source. A working copy in which it isn't
/// built gives an app without it.</summary>
[Collection(nameof(App))]
public sealed partial class DashboardTests(App app)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] Files = FindFiles();

    /// <summary>The name of a file of the dashboard; of none where it isn't built.</summary>
    internal static string FileName => Files.FirstOrDefault(file => file != "index.html", "main.js");

    private static bool IsBuilt => Files.Length > 0;

    internal static void IsThePage(Answer answer)
    {
        if (!IsBuilt)
        {
            var problem = answer.IsProblem(404, "not_found");
            Assert.Contains("npm run build --workspace src/dashboard", problem.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
            return;
        }

        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal("no-cache", answer.Header("Cache-Control"));
        AssertGuarded(answer);
        Assert.DoesNotMatch(InlineCode(), answer.Text);
    }

    internal static void IsAFile(Answer answer)
    {
        if (!IsBuilt)
        {
            answer.IsProblem(404, "not_found");
            return;
        }

        Assert.Equal((200, "public, max-age=31536000, immutable"), (answer.Status, answer.Header("Cache-Control")));
        AssertGuarded(answer);
    }

    [Fact]
    public async Task Whatever_the_page_loads_is_served_under_the_name_that_the_page_has_for_it()
    {
        var page = await GetAsync("dashboard");
        IsThePage(page);

        var names = Links().Matches(page.Text).Select(link => link.Groups[1].Value).ToList();
        Assert.Equal(Files.Where(file => file != "index.html").Order(), names.Order());
        foreach (var name in names)
            IsAFile(await GetAsync($"dashboard/{name}"));
    }

    [Theory]
    [InlineData("nothing.js")]
    [InlineData("index.html")]
    [InlineData("openapi.json")]
    [InlineData("..%2f..%2fhost.json")]
    public async Task No_other_file_is_served(string name) => (await GetAsync($"dashboard/{name}")).IsProblem(404, "not_found");

    [Fact]
    public async Task A_cache_asks_whether_its_copy_still_stands()
    {
        foreach (var address in IsBuilt ? ["dashboard", $"dashboard/{FileName}"] : Array.Empty<string>())
        {
            var answer = await GetAsync(address);
            var again = await GetAsync(address, answer.Header("ETag"));
            Assert.Equal((304, "", answer.Header("ETag")), (again.Status, again.Text, again.Header("ETag")));
            Assert.Equal(answer.Header("Cache-Control"), again.Header("Cache-Control"));
            AssertGuarded(again);
        }
    }

    [Fact]
    public async Task An_address_with_a_slash_at_its_end_leads_to_the_page()
    {
        var answer = await GetAsync("dashboard/");
        Assert.Equal((308, "../dashboard"), (answer.Status, answer.Header("Location")));
    }

    private static void AssertGuarded(Answer answer)
    {
        Assert.Equal(Policy, answer.Header("Content-Security-Policy"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
    }

    private static string[] FindFiles()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "src", "dashboard", "dist");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file))] : [];
    }

    private Task<Answer> GetAsync(string address, string? ifNoneMatch = null)
    {
        var request = SessionClient.Get(address);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return app.Client.SendAsync(request);
    }

    [GeneratedRegex(@"(?:src|href)=""dashboard/([^""]+)""")]
    private static partial Regex Links();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
