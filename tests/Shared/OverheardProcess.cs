using System.Diagnostics;

namespace Serverless.Testing;

/// <summary>A process whose output is kept, and which ends with the tests at the latest.</summary>
public sealed class OverheardProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<OverheardProcess, bool> Running = [];

    private readonly ConcurrentQueue<(string Text, bool IsError)> _lines = [];
    private readonly DirectoryInfo? _folder;

    static OverheardProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var running in Running.Keys)
        {
            running.Process.Kill(entireProcessTree: true);
            running.Process.WaitForExit();
            running._folder?.Delete(recursive: true);
        }
    };

    /// <param name="folder">Deleted after the end of the process.</param>
    public OverheardProcess(ProcessStartInfo start, DirectoryInfo? folder = null)
    {
        _folder = folder;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process = new() { StartInfo = start };
        Process.OutputDataReceived += (_, line) => Keep(line.Data, isError: false);
        Process.ErrorDataReceived += (_, line) => Keep(line.Data, isError: true);
        Process.Start();
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
        Running[this] = true;
    }

    public Process Process { get; }

    public IEnumerable<string> Lines => _lines.Select(line => line.Text);
    public string Output => string.Join('\n', Lines);

    public IReadOnlyList<string> LinesOf(bool errors) => [.. from line in _lines where line.IsError == errors select line.Text];

    /// <exception cref="InvalidOperationException">It has ended; the message has its output.</exception>
    public void ThrowIfEnded()
    {
        if (!Process.HasExited)
            return;
        Process.WaitForExit(); // Until its output has been read to the end.
        throw new InvalidOperationException($"{Process.StartInfo.FileName} ended with code {Process.ExitCode}:\n{Output}");
    }

    public async Task UntilAsync(Func<bool> condition, TimeSpan longest)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
        {
            if (clock.Elapsed > longest)
                throw new TimeoutException(Output);
        }
    }

    public Task UntilPrintedAsync(string text, TimeSpan longest) =>
        UntilAsync(() => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), longest);

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCodeAsync(TimeSpan longest)
    {
        await Process.WaitForExitAsync().WaitAsync(longest);
        return Process.ExitCode;
    }

    public Task KillAsync()
    {
        Process.Kill(entireProcessTree: true);
        return Process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(this, out _))
            return;
        await KillAsync();
        Process.Dispose();
        _folder?.Delete(recursive: true);
    }

    private void Keep(string? line, bool isError)
    {
        if (line is not null)
            _lines.Enqueue((line, isError));
    }
}
