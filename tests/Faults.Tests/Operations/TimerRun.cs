namespace Faults.Tests.Operations;

/// <summary>A timer run by hand: how it ends, the host tells only in its log.</summary>
public sealed record TimerRun(string Name, int DoneEvent)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <returns>200 for a run that came to its end; 503 for one that failed, which the schedule repeats.</returns>
    public async Task<Answer> RunAsync(AppProcess app, SessionClient client)
    {
        var before = app.Lines.Count();
        Assert.Equal(202, (await client.RunTimerAsync(Name)).Status);
        for (var until = TimeProvider.System.GetUtcNow() + Longest; TimeProvider.System.GetUtcNow() < until;)
        {
            await Task.Delay(50);
            var lines = app.Lines.Skip(before).ToList();
            if (lines.Any(line => line.Contains(Printed.Of(DoneEvent), StringComparison.Ordinal)))
                return new(200, new Dictionary<string, string>(), "");
            if (lines.Any(line => line.Contains($"Executed 'Functions.{Name}' (Failed", StringComparison.Ordinal)))
                return new(503, new Dictionary<string, string> { ["Retry-After"] = "1" }, "");
            if (app.HasExited)
                throw new HttpRequestException("The app died while the timer ran.");
        }

        throw new TimeoutException($"{Name} neither ended nor failed.");
    }
}
