namespace Faults.Tests.Operations;

/// <summary>A timer run by hand: how it ends, the host tells only in its log.</summary>
public sealed record TimerRun(string Name, int DoneEvent)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <returns>200 for a run that came to its end; 503 for one that failed, which the schedule repeats.</returns>
    public async Task<Answer> RunAsync(AppProcess app, SessionClient client)
    {
        var (done, failed) = Count(app);
        Assert.Equal(202, (await client.RunTimerAsync(Name)).Status);
        for (var until = TimeProvider.System.GetUtcNow() + Longest; TimeProvider.System.GetUtcNow() < until;)
        {
            await Task.Delay(50);
            var now = Count(app);
            if (now.Done > done)
                return new(200, new Dictionary<string, string>(), "");
            if (now.Failed > failed)
                return new(503, new Dictionary<string, string> { ["Retry-After"] = "1" }, "");
            if (app.HasExited)
                throw new HttpRequestException("The app died while the timer ran.");
        }

        throw new TimeoutException($"{Name} neither ended nor failed.");
    }

    private (int Done, int Failed) Count(AppProcess app)
    {
        var output = app.Output;
        return (CountOf(output, Printed.Of(DoneEvent)), CountOf(output, $"Executed 'Functions.{Name}' (Failed"));
    }

    private static int CountOf(string output, string text)
    {
        var count = 0;
        for (var at = 0; (at = output.IndexOf(text, at, StringComparison.Ordinal)) >= 0; at += text.Length)
            count++;
        return count;
    }
}
