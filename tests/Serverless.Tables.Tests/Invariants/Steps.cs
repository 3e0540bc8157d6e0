using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Tables.Tests.Invariants;

internal static class Steps
{
    private static readonly Gen<TimeSpan> Wait = Gen.Frequency(
        (50, Gen.Choose(1, 5_000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (20, Gen.Choose(20, 40).Select(seconds => TimeSpan.FromSeconds(seconds))),
        (6, Gen.Choose(1, 13).Select(hours => TimeSpan.FromHours(hours))),
        (5, Gen.Choose(24, 30).Select(hours => TimeSpan.FromHours(hours))),
        (1, Gen.Constant(TimeSpan.FromDays(31))));

    private static readonly Gen<Kind> Ending = Gen.Elements(Kind.Logout, Kind.Revoke, Kind.LogoutAll);

    private static readonly Gen<Kind> Other = Gen.Elements(
        Kind.Refresh, Kind.Replay, Kind.Logout, Kind.Revoke, Kind.LogoutAll, Kind.ChangePassword, Kind.StepUp, Kind.StepUpByPasskey,
        Kind.GiveRoles, Kind.Heartbeat, Kind.Purge);

    private static readonly Gen<Kind> StepUp = Gen.Elements(Kind.StepUp, Kind.StepUpByPasskey);

    private static readonly Gen<Step> Alone =
        from wait in Wait
        from act in Act(Gen.Frequency(
            (40, Gen.Constant(Kind.Refresh)), (6, Gen.Constant(Kind.Replay)), (14, Gen.Constant(Kind.Login)), (3, Ending),
            (2, Gen.Constant(Kind.ChangePassword)), (5, StepUp), (5, Gen.Constant(Kind.GiveRoles)),
            (5, Gen.Constant(Kind.Heartbeat)), (4, Gen.Constant(Kind.Purge))))
        select new Step(wait, [act]);

    // Without an attempt only the grace tells a lost reply from a thief.
    private static readonly Gen<Step> LostReply =
        from wait in Wait
        from act in Act(Gen.Frequency((8, Gen.Constant(Kind.Refresh)), (1, StepUp), (1, Ending)))
        from late in Wait
        from soon in Gen.Choose(1, 29_000)
        select new Step(wait, [act], act.Attempt > 0 ? late : TimeSpan.FromMilliseconds(soon));

    private static readonly Gen<Step> Race =
        from wait in Wait
        from kinds in Gen.OneOf(
            Gen.Choose(2, 4).Select(count => Enumerable.Repeat(Kind.Refresh, count)),
            Gen.Choose(1, 3).SelectMany(count => Other.Select(other => Enumerable.Repeat(Kind.Refresh, count).Append(other))),
            Ending.SelectMany(first => Ending.Select(second => (IEnumerable<Kind>)[Kind.Refresh, first, second])))
        from which in Gen.Choose(0, 3)
        from acts in Act(Gen.Constant(Kind.Refresh)).ArrayOf(4)
        select new Step(wait, [.. kinds.Select((kind, i) => acts[i] with { Kind = kind, Which = which, Instance = i % 2 })]);

    public static Arbitrary<Step[]> Runs(int length) =>
        Arb.From(Gen.Frequency((62, Alone), (18, LostReply), (20, Race)).ArrayOf(length), Smaller);

    private static Gen<Act> Act(Gen<Kind> kinds) =>
        from kind in kinds
        from which in Gen.Choose(0, 3)
        from back in Gen.Choose(0, 10)
        from attempt in Gen.Choose(0, 2)
        from instance in Gen.Choose(0, 1)
        select new Act(kind, which, back, attempt, instance);

    // Whole parts are left out, half of the run first: most of a run has nothing to do with what went wrong at its end.
    private static IEnumerable<Step[]> Smaller(Step[] run)
    {
        for (var size = run.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= run.Length; start += size)
                yield return [.. run[..start], .. run[(start + size)..]];
        }
    }
}
