using System.Net;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;

namespace Local.Functions.Tests;

public class CorsTests
{
    private const string Origin = "http://localhost:5173";

    [Fact]
    public async Task A_preflight_is_answered_before_any_function()
    {
        await using var app = await StartAsync($"{Origin}, https://app.example");

        using var response = await PreflightAsync(app, Origin);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("PUT", Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal("x-my", Header(response, "Access-Control-Allow-Headers"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Another_origin_is_allowed_nothing()
    {
        await using var app = await StartAsync(Origin);

        using var response = await PreflightAsync(app, "https://evil.example");

        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Answers_carry_the_allowed_origin_even_when_the_function_failed()
    {
        await using var app = await StartAsync(Origin);
        foreach (var (url, status) in new[] { ("api/fine", 200), ("api/nowhere", 404) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Add("Origin", Origin);

            using var response = await app.Http.SendAsync(request);

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task A_star_allows_every_origin()
    {
        await using var app = await StartAsync("*", credentials: false);

        using var response = await PreflightAsync(app, "https://any.example");

        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_a_setting_there_is_no_CORS()
    {
        await using var app = await TestApp.StartAsync<InvocationTests.Failures>();

        using var response = await PreflightAsync(app, Origin);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_star_with_credentials_stops_the_start()
    {
        var failure = await Assert.ThrowsAsync<StartupException>(() => StartAsync("*", credentials: true));

        Assert.Contains("Host.CORSCredentials", failure.Message, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(string origins, bool credentials = true) =>
        TestApp.StartAsync<InvocationTests.Failures>(settings: $$"""
            { "IsEncrypted": false, "Host": { "CORS": "{{origins}}", "CORSCredentials": {{(credentials ? "true" : "false")}} } }
            """);

    private static Task<HttpResponseMessage> PreflightAsync(TestApp app, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "api/fine");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        request.Headers.Add("Access-Control-Request-Headers", "x-my");
        return app.Http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : null;
}
