namespace EndToEnd.Tests.Redis;

[Collection(nameof(App))]
public sealed class OffTests(App app)
{
    [NoRedisFact]
    public async Task Without_Redis_nothing_of_it_is_loaded_or_told()
    {
        Assert.False((await app.Client.GetAsync("health/ready")).IsOk().Json.TryGetProperty("redis", out _));
        var loaded = await File.ReadAllTextAsync($"/proc/{app.Worker.Id}/maps");
        Assert.Contains("Serverless.Sessions.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("Redis", loaded, StringComparison.Ordinal);
    }
}
