using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Passwords;
using Serverless.Sessions.Passwords;
using Serverless.Sessions.Storage;

namespace Serverless.Functions.Tests.Passwords;

public sealed class BreachedRangeTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _requests = [];
    private WebApplication _server = null!;
    private string _address = "";
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Run(async http =>
        {
            _requests.Enqueue($"{http.Request.Path} {http.Request.Headers["Add-Padding"]}");
            await _answer(http);
        });
        await _server.StartAsync();
        _address = _server.Urls.Single();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(":12", true)]
    [InlineData(":0", false)]
    [InlineData("", true)]
    public async Task Five_digits_go_out_and_the_rest_is_compared_here(string count, bool leaked)
    {
        var hash = BreachedHash.Of(new("a leaked password"));
        _answer = http => http.Response.WriteAsync($"{new string('0', 35)}:3\r\n{hash[5..]}{count}\r\n{new string('F', 35)}:0");
        Assert.Equal(leaked, await ContainsAsync("a leaked password"));
        Assert.Equal($"/range/{hash[..5]} true", Assert.Single(_requests));
        Assert.False(await ContainsAsync("another password"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(302)]
    public async Task An_answer_that_is_no_list_is_no_verdict(int status)
    {
        _answer = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync("x");
        };
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
    }

    [Fact]
    public async Task A_body_that_cannot_be_decompressed_is_no_verdict()
    {
        _answer = http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return http.Response.WriteAsync("neither");
        };
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
    }

    [Fact]
    public async Task An_unknown_charset_does_not_matter()
    {
        _answer = http =>
        {
            http.Response.Headers.ContentType = "text/plain; charset=x-unknown";
            return http.Response.WriteAsync(BreachedHash.Of(new("a leaked password"))[5..]);
        };
        Assert.True(await ContainsAsync("a leaked password"));
    }

    [Fact]
    public async Task A_slow_provider_or_an_endless_answer_is_not_waited_for()
    {
        _answer = http => Task.Delay(TimeSpan.FromSeconds(10), http.RequestAborted);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 6);
        _answer = http => http.Response.WriteAsync(new string('x', 300_000));
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
        await _server.StopAsync();
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
    }

    private async Task<bool> ContainsAsync(string password)
    {
        using var range = new BreachedRange(Options.Create(new PasswordOptions { BreachedList = $"{_address}/range" }));
        return await range.ContainsAsync(new(password), default);
    }
}
