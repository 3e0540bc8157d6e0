using System.Diagnostics;
using System.Globalization;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Settings;

namespace Serverless.LocalHost.Workers;

/// <summary>A worker's process, under its supervisor. What it prints is shown as it is.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>
    /// A worker that can't do its work says why in lines on standard error that begin with this. Azure shows such an app as running
    /// and broken; on a laptop it is better to end with the sentences.
    /// </summary>
    private const string MisconfiguredPrefix = "Misconfigured: ";

    /// <summary>A process that the worker started may hold its output open for longer.</summary>
    private static readonly TimeSpan LongestOutput = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _misconfigured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _supervisor;

    private WorkerProcess(ProcessStartInfo start)
    {
        _supervisor = Process.Start(start)!;
        Exited = ExitAsync(Task.WhenAll(
            PassOnAsync(_supervisor.StandardOutput, Output.Line), PassOnAsync(_supervisor.StandardError, ShowError)));
    }

    internal Task Exited { get; }

    internal int ExitCode => _supervisor.ExitCode;

    /// <summary>Completes when the worker says that it is misconfigured.</summary>
    internal Task Misconfigured => _misconfigured.Task;

    /// <summary>Starts the worker with the arguments that the Functions host of Azure gives it (RpcWorkerContext there).</summary>
    internal static WorkerProcess Start(AppFolder app, Uri gateway, string workerId)
    {
        var (request, size) = (Guid.NewGuid().ToString(), int.MaxValue.ToString(CultureInfo.InvariantCulture));
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Supervisor).Assembly.Location] : [];
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [
                .. self, Supervisor.Command, app.Executable, app.Assembly,
                "--host", gateway.Host, "--port", $"{gateway.Port}", "--workerId", workerId, "--requestId", request,
                "--grpcMaxMessageLength", size,
                "--functions-uri", gateway.AbsoluteUri, "--functions-worker-id", workerId, "--functions-request-id", request,
                "--functions-grpc-max-message-length", size,
            ])
        {
            WorkingDirectory = app.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;
        start.Environment.Clear();
        foreach (var (name, value) in app.Environment)
            start.Environment[name] = value;
        return new(start);
    }

    /// <summary>Lets the supervisor kill the worker, if it is still there.</summary>
    internal void Kill() => _supervisor.StandardInput.Close();

    public void Dispose() => _supervisor.Dispose();

    /// <summary>Waits for the last lines too: those of a worker that dies matter most.</summary>
    private async Task ExitAsync(Task output)
    {
        await _supervisor.WaitForExitAsync();
        await Task.WhenAny(output, Task.Delay(LongestOutput));
    }

    private static async Task PassOnAsync(StreamReader reader, Action<string> show)
    {
        while (await reader.ReadLineAsync() is { } line)
            show(line);
    }

    private void ShowError(string line)
    {
        var isMisconfigured = line.StartsWith(MisconfiguredPrefix, StringComparison.Ordinal);
        Output.Error(isMisconfigured ? line[MisconfiguredPrefix.Length..] : line);
        if (isMisconfigured)
            _misconfigured.TrySetResult();
    }
}
