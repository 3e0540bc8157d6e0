using System.Diagnostics;

namespace EndToEnd.Tests.Commands;

/// <summary>Runs a program in the root of the repository to its end, without input.</summary>
internal static class Run
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<(int ExitCode, string Output, string Errors)> ToEndAsync(string program, params string[] arguments) =>
        ToEndAsync(new ProcessStartInfo(program, arguments));

    public static async Task<(int ExitCode, string Output, string Errors)> ToEndAsync(ProcessStartInfo start)
    {
        start.WorkingDirectory = RepositoryRoot.Path;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }
}
