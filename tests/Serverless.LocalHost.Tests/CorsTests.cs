namespace Serverless.LocalHost.Tests;

public sealed class CorsTests
{
    private const string Settings = """
        {
          // Comments and trailing commas are allowed.
          "IsEncrypted": false,
          "Values": { "FROM_FILE": "file", "EMPTY_OUTSIDE": "file", "SET_OUTSIDE": "file", },
          "Host": { "CORS": "http://localhost:3000, https://app.example.com", "CORSCredentials": true },
        }
        """;

    [Fact]
    public async Task Origins_of_local_settings_may_call_with_credentials_and_others_may_not()
    {
        await using var host = await HostProcess.StartAsync(Settings);

        using var preflight = await SendAsync(host, HttpMethod.Options, "https://app.example.com", "PATCH");
        using var allowed = await SendAsync(host, HttpMethod.Get, "http://localhost:3000");
        using var other = await SendAsync(host, HttpMethod.Get, "https://other.example.com");

        Assert.Equal("https://app.example.com", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(preflight, "Access-Control-Allow-Credentials"));
        Assert.Equal("PATCH", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal("x-anything", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Equal("http://localhost:3000", Header(allowed, "Access-Control-Allow-Origin"));
        Assert.Equal("", Header(other, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Any_origin_may_call_where_the_setting_is_a_star()
    {
        await using var host = await HostProcess.StartAsync("""{ "Host": { "CORS": "*" } }""");
        using var response = await SendAsync(host, HttpMethod.Get, "https://other.example.com");
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_cors_headers()
    {
        await using var host = await HostProcess.StartAsync();
        using var response = await SendAsync(host, HttpMethod.Get, "http://localhost:3000");
        Assert.Equal("", Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_worker_has_the_settings_and_the_arguments_that_azure_gives_it()
    {
        await using var host = await HostProcess.StartAsync(
            Settings, environment: [("EMPTY_OUTSIDE", ""), ("SET_OUTSIDE", "outside"), ("ASPNETCORE_URLS", "http://127.0.0.1:1")]);
        var echo = await Echo.OfAsync(host.Client);

        Assert.Equal(
            ["file", "file", "outside", "Development", $"localhost:{host.Port}"],
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
