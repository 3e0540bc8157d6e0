using EndToEnd.Tests.Commands;

namespace EndToEnd.Tests.Readme;

/// <summary>Runs the commands of a README in one shell, as its reader does.</summary>
internal static class Bash
{
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

        var (_, output, errors) = await Run.ToEndAsync("bash", "--noprofile", "--norc", "-c", script.ToString());
        var pieces = (errors.Length > 0 ? $"{output}\n{errors}" : output).Split(mark);
        Assert.Equal(2 * commands.Count + 1, pieces.Length);
        return [.. pieces.Chunk(2).Take(commands.Count).Select(pair => (int.Parse(pair[1], null), pair[0]))];
    }
}
