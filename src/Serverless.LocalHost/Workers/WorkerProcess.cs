namespace Serverless.LocalHost.Workers;

/// <summary>A worker's process under its guard, and its connection. Its output is shown unchanged.</summary>
internal sealed class WorkerProcess
{
    /// <summary>Begins the lines on standard error in which a misconfigured worker says what is wrong. Azure shows such an app as
    /// running but broken; locally the host ends with these lines, unless the developer wants to see what Azure would
    /// show.</summary>
    private const string MisconfiguredPrefix = "Configuration error: ";

    private static readonly TimeSpan MisconfiguredWindow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SentencesWindow = TimeSpan.FromMilliseconds(300);

    /// <summary>For a process to end after its stream is closed, and for output that a child of the worker holds open.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private readonly Process _guard;
    private readonly bool _keepsGoing;
    private long? _readyAt;

    /// <summary>Starts the worker with the arguments that Azure's Functions host passes (its RpcWorkerContext).</summary>
    internal WorkerProcess(AppFolder app, WorkerGateway gateway)
    {
        _keepsGoing = app.KeepsGoing;
        Connection = new(app);
        gateway.Expect(Connection);
        var (uri, worker, request, size) = (gateway.Address, Connection.WorkerId, $"{Guid.NewGuid()}", $"{int.MaxValue}");
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(WorkerGuard).Assembly.Location] : [];
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [
                .. self, WorkerGuard.Command, .. app.Command,
                "--host", uri.Host, "--port", $"{uri.Port}", "--workerId", worker, "--requestId", request, "--grpcMaxMessageLength", size,
                "--functions-uri", uri.AbsoluteUri, "--functions-worker-id", worker, "--functions-request-id", request,
                "--functions-grpc-max-message-length", size,
            ])
        {
            WorkingDirectory = app.Path,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;
        _guard = Process.Start(start)!;
        Ended = EndAsync();
    }

    internal WorkerConnection Connection { get; }

    /// <summary>Completes when the process has ended and its last lines are shown.</summary>
    internal Task Ended { get; }

    internal int ExitCode => _guard.HasExited ? _guard.ExitCode : 1;

    internal bool IsMisconfigured { get; private set; }

    internal void MarkReady() => _readyAt = TimeProvider.System.GetTimestamp();

    /// <summary>Makes the guard kill the worker, if it still runs.</summary>
    internal void Kill() => _guard.StandardInput.Close();

    private async Task EndAsync()
    {
        var output = Task.WhenAll(
            ShowAsync(_guard.StandardOutput, Console.WriteLine), ShowAsync(_guard.StandardError, ShowError));
        var exited = _guard.WaitForExitAsync();
        if (await Task.WhenAny(exited, Connection.Closed) != exited)
        {
            await Task.WhenAny(exited, Task.Delay(LongestEnd));
            Kill();
            await Task.WhenAny(exited, Task.Delay(LongestEnd));
        }

        // Only a guard that was killed leaves its worker behind.
        Connection.SendTerminate(LongestEnd);
        Connection.Close();
        await Task.WhenAny(output, Task.Delay(LongestEnd));
    }

    private static async Task ShowAsync(StreamReader reader, Action<string> show)
    {
        while (await reader.ReadLineAsync() is { } line)
            show(line);
    }

    private void ShowError(string line)
    {
        var tells = line.StartsWith(MisconfiguredPrefix, StringComparison.Ordinal)
            && (_readyAt is not { } ready || TimeProvider.System.GetElapsedTime(ready) < MisconfiguredWindow);
        Console.Error.WriteLine(line);
        if (!tells || IsMisconfigured || _keepsGoing)
            return;
        IsMisconfigured = true;
        _ = Task.Delay(SentencesWindow).ContinueWith(_ => Kill(), TaskScheduler.Default);
    }
}
