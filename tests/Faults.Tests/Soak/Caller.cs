namespace Faults.Tests.Soak;

/// <summary>Repeats a request, to whichever instance, until it is told anything but to come back.</summary>
internal sealed class Caller(Instances instances, Ledger ledger, Random random, CancellationToken stop)
{
    private const int MostTries = 20;
    private const double LostShare = 0.02;

    /// <param name="nap">For how long its device may fall asleep after a try without success.</param>
    public async Task<Told> SendAsync(Func<HttpRequestMessage> request, TimeSpan nap = default)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await TryAsync(request());
            if (answer is { Status: not 503 })
                return new(answer, tries);
            Assert.True(tries < MostTries, $"Still, after {MostTries} tries: {answer}");
            var wait = answer?.AsksToWait() ?? TimeSpan.FromMilliseconds(10);
            ledger.Count("tries again", answer is null ? "after no answer" : "after 503");
            if (nap > TimeSpan.Zero && random.Next(2) == 0)
            {
                ledger.Count("tries later than the grace", "by attempt");
                await Task.WhenAny(Task.Delay(nap, stop));
            }

            await Task.Delay(wait, CancellationToken.None);
        }
    }

    /// <returns>Null where the instance ended under the request, or its answer was lost on the way.</returns>
    private async Task<Answer?> TryAsync(HttpRequestMessage request)
    {
        var (method, address) = (request.Method, request.RequestUri!.OriginalString);
        var instance = instances.Pick(random);
        ledger.Count("requests", instance == instances.Steady ? "to the steady instance" : "to the other");
        var began = TimeProvider.System.GetTimestamp();
        Answer answer;
        try
        {
            answer = await instance.Client.SendToHostAsync(request);
        }
        catch (HttpRequestException) when (instance.IsEnding)
        {
            return null;
        }

        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(took < Trial.LongestAnswer, $"{method} {address} took {took}.");
        // The host's own answer while it stops.
        if (instance.IsEnding && answer is { Status: 503, Text: "" })
            return null;
        OpenApiContract.Holds(method, address, answer);
        if (answer.Status >= 500)
            answer.IsProblem(503, "unavailable");
        if (random.NextDouble() >= LostShare)
            return answer;
        ledger.Count("faults", "LostToTheClient");
        return null;
    }
}

internal sealed record Told(Answer Answer, int Tries)
{
    public bool SaysAgain(int status, string code, string? reason = null) => Tries > 1 && Answer.Says(status, code, reason);
}
