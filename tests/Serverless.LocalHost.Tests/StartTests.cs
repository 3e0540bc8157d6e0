using System.Net.Sockets;
using Serverless.LocalHost.Settings;

namespace Serverless.LocalHost.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "start", "--help")]
    [InlineData(2)]
    [InlineData(2, "stop")]
    [InlineData(2, "start", "--port")]
    [InlineData(2, "start", "--port", "0")]
    [InlineData(2, "start", "--port", "70000")]
    [InlineData(2, "start", "--colour")]
    public void Help_and_unknown_arguments_are_answered_with_the_usage(int exitCode, params string[] arguments)
    {
        var failure = Assert.Throws<HostFailure>(() => CommandLine.Parse(arguments));
        Assert.Equal((exitCode, CommandLine.Usage), (failure.ExitCode, failure.Message));
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("stop", 2)]
    public async Task The_usage_is_output_where_it_was_asked_for_and_otherwise_an_error(string argument, int expected)
    {
        var (exitCode, lines, errors) = await HostProcess.RunAsync([argument]);
        Assert.Equal(expected, exitCode);
        Assert.StartsWith("Usage: Serverless.LocalHost start", (expected == 0 ? lines : errors)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true }""", "The values in local.settings.json are encrypted. Run 'func settings decrypt' first.")]
    [InlineData("""{ "Values": { "A": "1", "B": 2 } }""", "local.settings.json: the value of Values.B must be a string.")]
    [InlineData("""{ "Values": { "B": { } } }""", "local.settings.json: the value of Values.B must be a string.")]
    [InlineData("{", "local.settings.json is not valid: ")]
    [InlineData("""{ "Host": { "CORS": "*", "CORSCredentials": true } }""", "local.settings.json: Host.CORSCredentials requires named origins")]
    public void Local_settings_that_can_not_be_used_are_refused_with_a_sentence(string settings, string sentence)
    {
        var folder = Directory.CreateTempSubdirectory("localhost-");
        File.WriteAllText(Path.Combine(folder.FullName, "local.settings.json"), settings);
        var failure = Assert.Throws<HostFailure>(() => LocalSettings.Read(folder.FullName));
        folder.Delete(recursive: true);
        Assert.StartsWith(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host.json")]
    [InlineData("worker.config.json")]
    public async Task A_folder_without_a_built_app_ends_the_start_with_a_sentence(string file)
    {
        var folder = HostProcess.NewFolder();
        File.Delete(Path.Combine(folder, file));
        await AssertFailsAsync($"{folder} has no {file}. Run this in the output folder of a built function app.", folder);
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
        string sentence, string? folder = null, params (string Name, string Value)[] environment)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(
            ["start", "--port", $"{FreePort.Next()}"], folder: folder, environment: environment);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(sentence, Assert.Single(errors), StringComparison.Ordinal);
    }
}
