using System.Net.Sockets;

namespace Serverless.LocalHost.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("start", "--help")]
    public async Task Help_is_the_usage(params string[] arguments)
    {
        var (exitCode, lines, _) = await HostProcess.RunAsync(arguments);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Usage: Serverless.LocalHost start", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("stop")]
    [InlineData("start", "--port")]
    [InlineData("start", "--port", "0")]
    [InlineData("start", "--port", "70000")]
    [InlineData("start", "--colour")]
    public async Task Unknown_arguments_are_answered_with_the_usage(params string[] arguments)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("Usage: Serverless.LocalHost start", errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true }""", "The values in local.settings.json are encrypted. Run 'func settings decrypt' first.")]
    [InlineData("""{ "Values": { "A": "1", "B": 2 } }""", "local.settings.json: the value of Values.B must be a string.")]
    [InlineData("""{ "Values": { "B": { } } }""", "local.settings.json: the value of Values.B must be a string.")]
    [InlineData("{", "local.settings.json is not valid: ")]
    [InlineData("""{ "Host": { "CORS": "*", "CORSCredentials": true } }""", "local.settings.json: Host.CORSCredentials requires named origins")]
    public async Task Local_settings_that_can_not_be_used_end_the_start_with_a_sentence(string settings, string sentence) =>
        await AssertFailsAsync(sentence, settings);

    [Theory]
    [InlineData("host.json")]
    [InlineData("worker.config.json")]
    public async Task A_folder_without_a_built_app_ends_the_start_with_a_sentence(string file)
    {
        var folder = HostProcess.NewFolder();
        File.Delete(Path.Combine(folder, file));
        await AssertFailsAsync($"{folder} has no {file}. Run this in the output folder of a built function app.", folder: folder);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("AzureFunctionsJobHost__functionTimeout", "soon", "host.json: functionTimeout must be a TimeSpan above zero or -1, but is 'soon'.")]
    [InlineData("AzureFunctionsJobHost__logging__logLevel__Function", "Loud", "host.json: logging.logLevel.Function must be a log level")]
    [InlineData("Timers__Schedule", "often", "Function 'Scheduled': the schedule 'often' is not valid: a schedule has six fields "
        + "(second minute hour day month weekday), or is a TimeSpan.")]
    [InlineData("Timers__Schedule", "", "Function 'Scheduled': its schedule is the setting 'Timers:Schedule', which is missing.")]
    public async Task A_wrong_value_ends_the_start_with_a_sentence(string name, string value, string sentence) =>
        await AssertFailsAsync(sentence, environment: (name, value));

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_a_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, _, errors) = await HostProcess.RunAsync(["start"], $$"""{ "Host": { "LocalHttpPort": {{port}} } }""");
        Assert.Equal(1, exitCode);
        Assert.Equal([$"Port {port} is in use: stop the process that listens on it, or choose another port with --port."], errors);
    }

    private static async Task AssertFailsAsync(
        string sentence, string? settings = null, string? folder = null, params (string Name, string Value)[] environment)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(["start", "--port", $"{FreePort.Next()}"], settings, folder, environment);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(sentence, Assert.Single(errors), StringComparison.Ordinal);
    }
}
