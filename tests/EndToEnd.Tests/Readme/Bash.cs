using System.Diagnostics;

namespace EndToEnd.Tests.Readme;

/// <summary>Runs the commands of a README in one shell, as its reader does.</summary>
internal static class Bash
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The output of each command, or the value of the variable that it sets, and its exit code.</returns>
    public static async Task<IReadOnlyList<(int ExitCode, string Output)>> RunAsync(IReadOnlyList<ReadmeCommand> commands)
    {
        var mark = $"@@{Guid.NewGuid():N}@@";
        var script = new StringBuilder();
        foreach (var command in commands)
        {
            script.Append(command.Text).Append("\ncode=$?\n");
            if (command.Variable is { } variable)
                script.Append("printf '%s' \"$").Append(variable).Append("\"\n");
            script.Append("printf '%s' \"").Append(mark).Append("$code").Append(mark).Append("\"\n");
        }

        var pieces = (await RunAsync(script.ToString())).Split(mark);
        Assert.Equal(2 * commands.Count + 1, pieces.Length);
        return [.. pieces.Chunk(2).Take(commands.Count).Select(pair => (int.Parse(pair[1], null), pair[0]))];
    }

    private static async Task<string> RunAsync(string script)
    {
        using var process = new Process
        {
            StartInfo = new("bash")
            {
                ArgumentList = { "--noprofile", "--norc", "-c", script }, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return await output + (await errors is { Length: > 0 } text ? $"\n{text}" : "");
    }
}
