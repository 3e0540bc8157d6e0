namespace Serverless.LocalHost.Tests;

[Collection(nameof(SharedHost))]
public sealed class CorsTests(SharedHost shared)
{
    [Fact]
    public async Task Origins_of_local_settings_may_call_with_credentials_and_others_may_not()
    {
        using var preflight = await SendAsync(shared.Host, HttpMethod.Options, "https://app.example.com", "PATCH");
        using var allowed = await SendAsync(shared.Host, HttpMethod.Get, "http://localhost:3000");
        using var other = await SendAsync(shared.Host, HttpMethod.Get, "https://other.example.com");

        Assert.Equal("https://app.example.com", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(preflight, "Access-Control-Allow-Credentials"));
        Assert.Equal("PATCH", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal("x-anything", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Equal("http://localhost:3000", Header(allowed, "Access-Control-Allow-Origin"));
        Assert.Equal("", Header(other, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("""{ "Host": { "CORS": "*" } }""", "*")]
    [InlineData(null, "")]
    public async Task Any_origin_may_call_where_the_setting_is_a_star_and_none_without_it(string? settings, string allowed)
    {
        await using var host = await HostProcess.StartAsync(settings);
        using var response = await SendAsync(host, HttpMethod.Get, "https://other.example.com");
        Assert.Equal(allowed, Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_worker_has_the_settings_and_the_arguments_that_azure_gives_it()
    {
        var echo = await Echo.OfAsync(shared.Host.Client);
        Assert.Equal(
            ["file", "file", "outside", "Development", $"localhost:{shared.Host.Port}"],
            new[] { "FROM_FILE", "EMPTY_OUTSIDE", "SET_OUTSIDE", "AZURE_FUNCTIONS_ENVIRONMENT", "WEBSITE_HOSTNAME" }
                .Select(name => echo.Environment[name]));
        Assert.Equal(echo.Environment["FUNCTIONS_WORKER_DIRECTORY"], echo.Environment["FUNCTIONS_APPLICATION_DIRECTORY"]);
        Assert.DoesNotContain("ASPNETCORE_URLS", echo.Environment.Keys);
        Assert.Equal(
            [
                "--host", "--port", "--workerId", "--requestId", "--grpcMaxMessageLength",
                "--functions-uri", "--functions-worker-id", "--functions-request-id", "--functions-grpc-max-message-length",
            ],
            echo.Arguments.Where((_, i) => i % 2 == 0));
    }

    private static async Task<HttpResponseMessage> SendAsync(HostProcess host, HttpMethod method, string origin, string? asksFor = null)
    {
        using var request = new HttpRequestMessage(method, "things/empty");
        request.Headers.Add("Origin", origin);
        if (asksFor is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asksFor);
            request.Headers.Add("Access-Control-Request-Headers", "x-anything");
        }

        return await host.Client.SendAsync(request);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
