using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Local.Functions.Tests;

public class LocalSettingsTests
{
    [Fact]
    public async Task Values_become_environment_variables_and_sections_of_the_configuration()
    {
        await using var app = await TestApp.StartAsync<RoutingTests.Narrow>(settings: """
            { "IsEncrypted": false, "Values": { "LocalSettingsTests__Section__Name": "x", "LocalSettingsTests_Number": 5 } }
            """);

        var configuration = app.Services.GetRequiredService<IConfiguration>();
        Assert.Equal("x", configuration["LocalSettingsTests:Section:Name"]);
        Assert.Equal("x", Environment.GetEnvironmentVariable("LocalSettingsTests__Section__Name"));
        Assert.Equal("5", Environment.GetEnvironmentVariable("LocalSettingsTests_Number"));
    }

    [Fact]
    public async Task A_variable_that_is_set_already_beats_the_file_and_an_argument_beats_both()
    {
        Environment.SetEnvironmentVariable("LocalSettingsTests_Taken", "environment");
        const string settings = """
            { "IsEncrypted": false, "Values": { "LocalSettingsTests_Taken": "file", "LocalSettingsTests_Argued": "file" } }
            """;
        await using var app = await TestApp.StartAsync(
            [typeof(RoutingTests.Narrow)], settings: settings, args: ["--port=0", "--LocalSettingsTests_Argued", "argument"]);

        var configuration = app.Services.GetRequiredService<IConfiguration>();
        Assert.Equal("environment", configuration["LocalSettingsTests_Taken"]);
        Assert.Equal("environment", Environment.GetEnvironmentVariable("LocalSettingsTests_Taken"));
        Assert.Equal("argument", configuration["LocalSettingsTests_Argued"]);
    }

    [Fact]
    public async Task The_environment_is_Development_as_under_func()
    {
        await using var app = await TestApp.StartAsync<RoutingTests.Narrow>();

        Assert.Equal("Development", app.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
        Assert.Equal("Development", Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT"));
    }

    [Fact]
    public async Task The_port_comes_from_the_file_and_listens_on_both_loopback_addresses()
    {
        var port = FreePort();
        await using var app = await TestApp.StartAsync(
            [typeof(RoutingTests.Narrow)],
            settings: $$"""{ "IsEncrypted": false, "Host": { "LocalHttpPort": {{port}} } }""",
            args: []);

        Assert.Equal($"http://localhost:{port}/", app.Address.ToString());
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"http://127.0.0.1:{port}/api/narrow")).StatusCode);
        if (Socket.OSSupportsIPv6)
            Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"http://[::1]:{port}/api/narrow")).StatusCode);
    }

    [Fact]
    public async Task The_argument_beats_the_files_port()
    {
        var port = FreePort();
        await using var app = await TestApp.StartAsync(
            [typeof(RoutingTests.Narrow)],
            settings: """{ "IsEncrypted": false, "Host": { "LocalHttpPort": 1 } }""",
            args: ["--port", $"{port}"]);

        Assert.Equal(port, app.Address.Port);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "func settings decrypt")]
    [InlineData("""{ "Values": {} }""", "func settings decrypt")]
    [InlineData("""{ "IsEncrypted": false, "Values": { "A": { } } }""", "'A'")]
    [InlineData("""{ "IsEncrypted": false """, "not a valid local.settings.json")]
    [InlineData("""{ "IsEncrypted": "no" }""", "not a valid local.settings.json")]
    [InlineData("[]", "not a valid local.settings.json")]
    public async Task A_file_that_cannot_be_used_stops_the_start(string settings, string reason)
    {
        var failure = await Assert.ThrowsAsync<StartupException>(
            () => TestApp.StartAsync<RoutingTests.Narrow>(settings: settings));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
