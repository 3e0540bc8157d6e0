namespace Faults.Tests.Run;

/// <summary>Tells a long run's progress, and each violation as it comes, where FAULTS_LOG names a file for it.</summary>
internal static class Progress
{
    private static readonly Lock Writing = new();
    private static readonly string? Path = Environment.GetEnvironmentVariable("FAULTS_LOG");

    private static int _done;

    /// <summary>Counts a case, but for the kills.</summary>
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
