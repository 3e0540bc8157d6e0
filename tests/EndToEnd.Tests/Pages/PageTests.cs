namespace EndToEnd.Tests.Pages;

[Collection(nameof(App))]
public sealed class PageTests(App app)
{
    public static TheoryData<string> Routes { get; } = [.. BuiltPage.All.Keys];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Whatever_a_page_loads_is_served_under_the_name_that_the_page_has_for_it(string route)
    {
        var page = BuiltPage.All[route];
        var answer = await GetAsync(route);
        page.IsThePage(answer);
        if (!page.IsBuilt)
            return;

        var names = new Queue<string>(page.LinksOf(answer));
        var loaded = new List<string>();
        while (names.TryDequeue(out var name))
        {
            loaded.Add(name);
            var file = await GetAsync($"{route}/{name}");
            page.IsAFile(name, file);
            foreach (var import in BuiltPage.ImportsOf(file))
                names.Enqueue(import);
        }

        Assert.Equal(page.Files.Order(), loaded.Order());
    }

    [Theory]
    [InlineData("dashboard/nothing.js")]
    [InlineData("dashboard/index.html")]
    [InlineData("dashboard/openapi.json")]
    [InlineData("dashboard/session-sw.js")]
    [InlineData("dashboard/..%2f..%2fhost.json")]
    [InlineData("demo/index.html")]
    [InlineData("demo/..%2fdashboard%2findex.html")]
    public async Task No_other_file_is_served(string address) => (await GetAsync(address)).IsProblem(404, "not_found");

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_cache_asks_whether_its_copy_still_stands(string route)
    {
        var page = BuiltPage.All[route];
        foreach (var address in page.IsBuilt ? [route, $"{route}/{page.FileName}"] : Array.Empty<string>())
        {
            var answer = await GetAsync(address);
            var again = await GetAsync(address, answer.Header("ETag"));
            Assert.Equal((304, "", answer.Header("ETag")), (again.Status, again.Text, again.Header("ETag")));
            Assert.Equal(answer.Header("Cache-Control"), again.Header("Cache-Control"));
            page.IsGuarded(again);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_address_with_a_slash_at_its_end_leads_to_the_page(string route)
    {
        var answer = await GetAsync($"{route}/");
        Assert.Equal((308, $"../{route}"), (answer.Status, answer.Header("Location")));
    }

    private Task<Answer> GetAsync(string address, string? ifNoneMatch = null) =>
        app.Client.GetAsync(address, ifNoneMatch: ifNoneMatch);
}
