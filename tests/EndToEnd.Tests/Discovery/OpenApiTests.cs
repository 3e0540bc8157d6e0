namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class OpenApiTests(App app)
{
    [Fact]
    public async Task The_document_is_the_one_that_these_tests_hold_the_answers_to()
    {
        var answer = await GetAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(ApiDocument.File), answer.Text);
    }

    [Fact]
    public async Task A_cache_may_keep_it_for_an_hour_and_ask_whether_it_still_stands()
    {
        var answer = await GetAsync();
        Assert.Equal("public, max-age=3600", answer.Header("Cache-Control"));
        var again = await GetAsync(answer.Header("ETag"));
        Assert.Equal((304, "", answer.Header("ETag")), (again.Status, again.Text, again.Header("ETag")));
        Assert.Equal(200, (await GetAsync("\"other\"")).Status);
    }

    private Task<Answer> GetAsync(string? ifNoneMatch = null) => app.Client.GetAsync("openapi.json", ifNoneMatch);
}
