using Xunit.Sdk;

namespace Faults.Tests.Run;

/// <summary>An operation, the fault, the client's natural retry, and what must be true afterwards.</summary>
internal static class Trial
{
    private const int MostTries = 12;

    // Three tries that time out are far below it, also on a busy machine; a pause that storage asks for isn't.
    internal static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

    /// <summary>A case whose fault the process survives.</summary>
    public static Task RunAsync(AppInstance station, Case @case) => JudgeAsync(@case, async () =>
    {
        @case.Scene = await @case.Operation.Prepare(station);
        var watch = Begin(station, @case);
        try
        {
            await SucceedAsync(@case, station.App, station.Client);
            if (@case.Operation.Sends)
                Assert.True(await Post.IsSettledAsync(station, @case.Scene, watch) || @case.Fault is not null, "A mail isn't sent.");
            @case.Calls = watch.Calls;
            @case.Missed = @case.Fault is not null && !watch.Fired;
            if (@case.Missed)
                watch.HasFired();
        }
        finally
        {
            station.Traffic.Remove(watch);
        }

        await @case.Operation.Afterwards(station, @case.Scene);
    });

    public static Watch Begin(AppInstance station, Case @case)
    {
        var watch = new Watch(@case.Scene.Marks, @case.Operation.IsSole ? @case.Signatures : []);
        if (@case.Fault is { } fault)
            watch.Arm(@case.Site, fault);
        @case.Scene.LosesActivity = @case.Site.Signature == "PUT Timeline a:" && @case.Fault is { Lasting: true, HasEffect: false };
        station.Traffic.Add(watch);
        return watch;
    }

    /// <summary>Repeats the request until the answer is other than "come back later".</summary>
    public static async Task SucceedAsync(Case @case, AppProcess app, SessionClient client)
    {
        while (true)
        {
            @case.Scene.Tries++;
            var began = TimeProvider.System.GetTimestamp();
            var answer = @case.Scene.Answer = await @case.Operation.SendAsync(app, client, @case.Scene);
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, LongestAnswer);
            if (answer.Status != 503)
            {
                Assert.True(@case.Operation.IsDone(@case.Scene, answer), $"After {@case.Scene.Tries} tries: {answer}");
                return;
            }

            Assert.True(@case.Scene.Tries < MostTries, $"Still, after {MostTries} tries: {answer}");
            Assert.True(@case.Fault is not null, $"Without a fault: {answer}");
            await Task.Delay(answer.AsksToWait());
        }
    }

    public static async Task JudgeAsync(Case @case, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e) when (e is XunitException or HttpRequestException or TaskCanceledException or TimeoutException)
        {
            @case.Violation ??= e.Message;
            Progress.Tell($"{@case}: {e.Message}");
        }
    }
}
