using System.Diagnostics;

namespace Serverless.Testing;

public static class OverheardProcess
{
    /// <summary>Starts a process that hands over each line that it prints.</summary>
    public static Process Start(ProcessStartInfo start, Action<string> keep)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => keep(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => keep(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
