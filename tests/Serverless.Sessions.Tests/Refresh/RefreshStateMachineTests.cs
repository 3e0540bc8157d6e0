namespace Serverless.Sessions.Tests.Refresh;

/// <summary>Clients, a thief, time and a second instance do random things to a session; the model is what the documents promise.</summary>
public sealed class RefreshStateMachineTests
{
    private static readonly TimeSpan Grace = new SessionOptions().Grace;

    [Fact]
    public void Whatever_happens_the_promises_hold()
    {
        var step = Gen.Frequency(
            (6, Gen.Choose(0, 12).Select(back => new Step(StepKind.Refresh, back))),
            (3, Gen.Choose(0, 12).Select(back => new Step(StepKind.RefreshWithAttempt, back))),
            (2, Gen.Choose(0, 40).Select(seconds => new Step(StepKind.Wait, seconds))),
            (1, Gen.Constant(new Step(StepKind.Wait, 26 * 60 * 60))),
            (1, Gen.Constant(new Step(StepKind.StepUp, 0))),
            (1, Gen.Constant(new Step(StepKind.SwitchInstance, 0))));
        Any.Holds(step.ListOf(), steps => RunAsync(steps).GetAwaiter().GetResult());
    }

    private static async Task RunAsync(IEnumerable<Step> steps)
    {
        var (stores, clock) = (InMemoryStores.Create(), new FakeClock());
        using Service first = new(stores, clock), second = new(stores, clock);
        var service = first;
        var started = await first.LoginAsync(remember: true);
        // One token of each generation, and how and when it was spent.
        List<(string Token, string? Attempt, DateTimeOffset? SpentAt)> model = [(started.Tokens.RefreshText, null, null)];
        var (dead, proofs) = (false, new List<DateTimeOffset> { started.Session.CreatedAt });
        foreach (var step in steps)
        {
            if (step.Kind == StepKind.Wait)
                clock.Advance(TimeSpan.FromSeconds(step.Value));
            else if (step.Kind == StepKind.SwitchInstance)
                service = service == first ? second : first;
            else if (step.Kind == StepKind.StepUp)
                await StepUpAsync(service, started.Session, proofs, dead);
            else
                dead = await RefreshAsync(service, model, proofs[^1], step, dead);
            Assert.Equal(dead, (await service.FindAsync(started.Session)).Ending is not null);
        }

        var log = await first.LogOfAsync(started.Session.UserId);
        Assert.Equal(model.Count - 1, log.Count(entry => entry.Action.Name is "token_refresh" or "session_regenerated"));
        Assert.Equal(proofs.Count - 1, log.Count(entry => entry.Action == LogAction.SteppedUp));
        Assert.Equal(model.Count - 1, (await first.FindAsync(started.Session)).Generation);
    }

    private static async Task StepUpAsync(Service service, Session session, List<DateTimeOffset> proofs, bool dead)
    {
        var result = await service.TryStepUpAsync(session);
        if (dead)
        {
            Assert.Equal(new StepUpResult.Ended(EndReason.TokenReuse), result);
            return;
        }

        proofs.Add(service.Clock.GetUtcNow());
        var proved = Assert.IsType<StepUpResult.Proved>(result).Access.Authentication;
        Assert.Equal(proofs[^1].ToUnixTimeSeconds(), proved.At.ToUnixTimeSeconds());
    }

    private static async Task<bool> RefreshAsync(
        Service service, List<(string Token, string? Attempt, DateTimeOffset? SpentAt)> model, DateTimeOffset provedAt, Step step,
        bool dead)
    {
        var current = model.Count - 1;
        var generation = Math.Max(0, current - step.Value);
        var attempt = step.Kind == StepKind.RefreshWithAttempt ? $"attempt of {generation}" : null;
        var now = service.Clock.GetUtcNow();
        var (token, spentWith, spentAt) = model[generation];
        var result = await service.TryRefreshAsync(token, attempt);
        if (dead)
        {
            Assert.Equal(new RefreshSessionResult.Ended(EndReason.TokenReuse), result);
            return true;
        }

        var isLostReply = generation == current - 1 && attempt is not null && attempt == spentWith;
        var isWithinGrace = spentAt is not null && now - spentAt < Grace && current - generation <= RotationTimes.Count;
        if (generation < current && !isLostReply && !isWithinGrace)
        {
            Assert.IsType<RefreshSessionResult.Reused>(result);
            return true;
        }

        var tokens = Assert.IsType<RefreshSessionResult.Refreshed>(result).Tokens;
        if (generation == current)
        {
            model[current] = (token, attempt, now);
            model.Add((tokens.RefreshText, null, null));
        }

        Assert.Equal(model.Count - 1, tokens.Refresh.Generation);
        Assert.Equal(provedAt, tokens.Refresh.Claims.Authentication.At);
        return false;
    }

    private enum StepKind { Refresh, RefreshWithAttempt, Wait, StepUp, SwitchInstance }

    private sealed record Step(StepKind Kind, int Value);
}
