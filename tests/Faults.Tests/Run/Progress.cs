namespace Faults.Tests.Run;

/// <summary>Writes progress and violations to the file that FAULTS_LOG names.</summary>
internal static class Progress
{
    private static readonly Lock Writing = new();
    private static readonly string? Path = Environment.GetEnvironmentVariable("FAULTS_LOG");

    private static int _done;

    public static void CaseDone()
    {
        if (Interlocked.Increment(ref _done) is var done && done % 100 == 0)
            Tell($"{done} cases are through");
    }

    public static void Tell(string line)
    {
        if (string.IsNullOrEmpty(Path))
            return;
        lock (Writing)
            File.AppendAllText(Path, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {line}\n");
    }
}
