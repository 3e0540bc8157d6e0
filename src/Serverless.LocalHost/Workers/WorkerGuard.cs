using System.ComponentModel;

namespace Serverless.LocalHost.Workers;

/// <summary>A process between the host and its worker. It leads its own process session, so that Ctrl+C in the terminal doesn't
/// reach the worker, and kills the worker when its standard input closes, which happens however the host ends.</summary>
internal static partial class WorkerGuard
{
    internal const string Command = "supervise";

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    /// <param name="command">The worker's program and arguments.</param>
    /// <returns>The worker's exit code.</returns>
    internal static async Task<int> RunAsync(string[] command)
    {
        if (!OperatingSystem.IsWindows())
            _ = SetSessionId();
        using var worker = new Process { StartInfo = new(command[0], command[1..]) { RedirectStandardInput = true } };
        try
        {
            worker.Start();
        }
        catch (Win32Exception e)
        {
            Console.Error.WriteLine($"The worker's program '{command[0]}' can't be started: {e.Message}");
            return 1;
        }

        worker.StandardInput.Close();
        var exited = worker.WaitForExitAsync();
        var hostGone = Task.Run(() => Console.OpenStandardInput().ReadByte());
        if (await Task.WhenAny(exited, hostGone) == hostGone)
            worker.Kill(entireProcessTree: true);
        await Task.WhenAny(exited, Task.Delay(LongestEnd));
        return worker.HasExited ? worker.ExitCode : 1;
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSessionId();
}
