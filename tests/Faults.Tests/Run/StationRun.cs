using System.Diagnostics;
using Xunit.Sdk;

namespace Faults.Tests.Run;

internal sealed class StationRun(AppInstance station, IReadOnlyList<Operation> operations)
{
    private const int KilledAtOnce = 32;
    private const int HashedAtOnce = 12;
    private const int SentAtOnce = 4; // As many as the app sends.
    private const int RetriedAtOnce = 8;
    private const int MostTries = 3;

    // An operation that is held for a kill must not time out meanwhile.
    private static readonly TimeSpan KilledTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<Case>> RunAsync()
    {
        var plain = new List<Case>();
        foreach (var operation in operations)
            plain.Add(await RunPlainAsync(operation));

        var survived = plain.SelectMany(found => Selection.Of(found.Operation, found.Calls, Fault.All)).ToList();
        var killed = plain.SelectMany(found => Selection.Of(found.Operation, found.Calls, Fault.Kills)).ToList();
        Case[] cases = [.. plain, .. survived, .. killed];
        await Task.WhenAll(survived.GroupBy(LaneOf).Select(lane => EachAsync(lane, lane.Key.AtOnce, SurviveAsync)));
        await KillAsync(killed);

        Progress.Tell($"All {cases.Length} cases of {operations.Count} operations are through, {killed.Count} of them kills");
        var rows = await station.ReadAsync();
        foreach (var @case in cases.Where(@case => @case.Violation is null))
        {
            await Trial.JudgeAsync(@case, () =>
            {
                Invariants.Check(@case, rows);
                @case.Operation.InStorage(@case.Scene, rows);
                return Task.CompletedTask;
            });
        }

        return cases;
    }

    private async Task<Case> RunPlainAsync(Operation operation)
    {
        // A machine that is too busy can make storage look slow by itself.
        for (var tries = 1; ; tries++)
        {
            var plain = new Case(operation, default, null);
            await Trial.RunAsync(station, plain);
            if (plain.Violation is null || tries == MostTries)
                return plain;
        }
    }

    /// <summary>Which cases run one after the other, or a few at a time.</summary>
    private static (Operation? Alone, int AtOnce) LaneOf(Case @case) => @case.Operation switch
    {
        { IsSole: true } sole => (sole, 1),
        { Hashes: true } => (null, 8),
        _ => (null, 12),
    };

    private async Task SurviveAsync(Case @case)
    {
        await Trial.RunAsync(station, @case);
        // A timeout of the busy machine's own may have led the operation another way.
        for (var tries = 1; @case.Missed && tries < MostTries; tries++)
        {
            @case.Violation = null;
            await Trial.RunAsync(station, @case);
        }

        Progress.CaseDone();
    }

    private static Task EachAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Task> run) => Parallel.ForEachAsync(
        items, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (item, _) => await run(item));

    /// <summary>Kills processes, each amid many operations; the station's own app answers the retries.</summary>
    private async Task KillAsync(List<Case> cases)
    {
        var waiting = new List<Case>(cases);
        var process = cases.Count == 0 ? null : station.Launch(KilledTimeout);
        while (process is not null)
        {
            await using var dying = process;
            var batch = NextBatch(waiting);
            await Task.WhenAll(batch.Select(@case => Trial.JudgeAsync(@case, async () => @case.Scene = await @case.Operation.Prepare(station))));
            await WaitUntilReadyAsync(dying);
            using var client = new SessionClient(dying.BaseAddress);
            var good = batch.Where(@case => @case.Violation is null).ToList();
            var watches = good.Select(@case => Trial.Begin(station, @case)).ToList();
            var sent = good.Select(@case => SendToTheDyingAsync(@case, dying, client)).ToList();
            await Task.WhenAny(Task.WhenAll(watches.Select(watch => watch.Reached.Task)), Task.Delay(LongestWait));

            await dying.KillAsync();
            foreach (var watch in watches)
                watch.Bury();
            await Task.WhenAll(sent);
            foreach (var watch in watches)
                station.Traffic.Remove(watch);
            process = waiting.Count == 0 ? null : station.Launch(KilledTimeout);
            await EachAsync(good.Zip(watches), RetriedAtOnce, each => RetryAsync(each.First, each.Second));
        }
    }

    private static List<Case> NextBatch(List<Case> waiting)
    {
        var batch = new List<Case>();
        foreach (var @case in waiting)
        {
            if (batch.Count < KilledAtOnce
                && !(@case.Operation.IsSole && batch.Any(other => other.Operation == @case.Operation))
                && !(@case.IsBehind && batch.Count(other => other.IsBehind) >= SentAtOnce)
                && !(@case.Operation.Hashes && batch.Count(other => other.Operation.Hashes) >= HashedAtOnce))
            {
                batch.Add(@case);
            }
        }

        waiting.RemoveAll(batch.Contains);
        return batch;
    }

    private static Task SendToTheDyingAsync(Case @case, AppProcess dying, SessionClient client) => Trial.JudgeAsync(@case, async () =>
    {
        @case.Scene.Tries++;
        try
        {
            var answer = await @case.Operation.SendAsync(dying, client, @case.Scene);
            // It dies over the mail, and the client, who is answered, doesn't come again.
            if (!@case.Operation.Sends || !@case.Operation.IsDone(@case.Scene, answer))
                throw new XunitException($"The process should have died over it: {answer}");
            @case.Scene.Answer = answer;
        }
        catch (HttpRequestException)
        {
            // It did.
        }
    });

    private Task RetryAsync(Case @case, Watch watch) => Trial.JudgeAsync(@case, async () =>
    {
        watch.HasFired();
        if (@case.Scene.Answer is null)
            await Trial.SucceedAsync(@case, station.App, station.Client);
        await @case.Operation.Afterwards(station, @case.Scene);
    });

    internal static async Task WaitUntilReadyAsync(AppProcess process)
    {
        using var client = new SessionClient(process.BaseAddress);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < LongestStart && !process.HasExited; await Task.Delay(50))
        {
            try
            {
                var answer = await client.GetAsync(".well-known/jwks.json");
                if (answer.Status == 200)
                    return;
                answer.IsProblem(503, "unavailable");
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }
        }

        throw new TimeoutException($"The app doesn't become ready:\n{process.Output}");
    }
}
