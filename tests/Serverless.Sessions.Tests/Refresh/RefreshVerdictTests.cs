namespace Serverless.Sessions.Tests.Refresh;

/// <summary>The table of verdicts, line by line and in its order.</summary>
public sealed class RefreshVerdictTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly AttemptHash Attempt = AttemptHash.Of("my attempt");

    [Fact]
    public void No_session_is_over_for_a_reason_that_nobody_kept() =>
        Assert.Equal(new RefreshVerdict.Ended(EndReason.Unknown), RefreshVerdict.Of(TokenOf(At(0)), null, null, Now, Grace));

    [Fact]
    public void An_ended_session_is_over_for_its_stored_reason_even_when_it_has_expired_since()
    {
        var ended = At(3).End(EndReason.Logout, Now.AddMinutes(-1), Guid.NewGuid()) with { ExpiresAt = Now.AddSeconds(-1) };
        Assert.Equal(new RefreshVerdict.Ended(EndReason.Logout), Judge(generation: 1, ended));
    }

    [Fact]
    public void An_expired_session_is_over_though_nobody_purged_it()
    {
        Assert.Equal(new RefreshVerdict.Ended(EndReason.ExpiredIdle), Judge(0, At(0) with { ExpiresAt = Now }));
        Assert.Equal(
            new RefreshVerdict.Ended(EndReason.ExpiredAbsolute), Judge(0, At(0) with { ExpiresAt = Now, AbsoluteExpiresAt = Now }));
    }

    [Fact]
    public void The_same_generation_in_another_state_is_rotated_again() => Assert.IsType<RefreshVerdict.RotateAgain>(Judge(4, At(4)));

    [Fact]
    public void A_session_behind_the_token_is_rotated_from_the_token() => Assert.IsType<RefreshVerdict.RotateAgain>(Judge(9, At(4)));

    [Fact]
    public void The_attempt_of_the_last_rotation_is_a_lost_reply_however_late() =>
        Assert.IsType<RefreshVerdict.AlreadyRotated>(
            Judge(4, At(5, rotatedAgo: TimeSpan.FromDays(20)) with { Attempt = Attempt }, Attempt));

    [Fact]
    public void An_attempt_counts_only_for_the_last_rotation() =>
        Assert.IsType<RefreshVerdict.Reused>(Judge(4, At(6, rotatedAgo: TimeSpan.FromDays(20)) with { Attempt = Attempt }, Attempt));

    [Fact]
    public void Another_attempt_or_none_is_no_lost_reply()
    {
        var rotated = At(5, rotatedAgo: TimeSpan.FromDays(20)) with { Attempt = Attempt };
        Assert.IsType<RefreshVerdict.Reused>(Judge(4, rotated, AttemptHash.Of("other one")));
        Assert.IsType<RefreshVerdict.Reused>(Judge(4, rotated, null));
        Assert.IsType<RefreshVerdict.Reused>(Judge(4, rotated with { Attempt = null }, null));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29.999, true)]
    [InlineData(30, false)]
    [InlineData(-5, true)]
    public void Within_the_grace_it_is_another_tab(double rotatedSecondsAgo, bool forgiven)
    {
        var verdict = Judge(4, At(5, TimeSpan.FromSeconds(rotatedSecondsAgo)));
        Assert.Equal(forgiven, verdict is RefreshVerdict.AlreadyRotated);
        Assert.Equal(!forgiven, verdict is RefreshVerdict.Reused);
    }

    [Fact]
    public void Each_of_the_last_eight_generations_has_a_grace_of_its_own()
    {
        // Generation g was rotated away 5 * (19 - g) seconds ago: 19 just now, 14 within the grace, 13 not.
        var session = At(0);
        for (var generation = 0; generation < 20; generation++)
        {
            session = session with
            { Generation = generation + 1, Rotations = session.Rotations.With(generation, Now.AddSeconds(-5 * (19 - generation))) };
        }

        for (var generation = 0; generation < 20; generation++)
            Assert.Equal(generation >= 14, Judge(generation, session) is RefreshVerdict.AlreadyRotated);
    }

    [Fact]
    public void A_generation_that_the_row_forgot_is_reuse_even_if_its_slot_was_just_written() =>
        Assert.IsType<RefreshVerdict.Reused>(Judge(0, At(9) with { Rotations = RotationTimes.None.With(8, Now) }));

    private static RefreshVerdict Judge(int generation, Session stored, AttemptHash? attempt = null) =>
        RefreshVerdict.Of(TokenOf(At(generation)), attempt, stored, Now, Grace);

    private static RefreshToken TokenOf(Session session) => session.ToRefreshToken(new("v1"), Now);

    private static Session At(int generation, TimeSpan? rotatedAgo = null)
    {
        var account = new Account(
            new(0, new(1)), Email.TryParse("a@b", out var email) ? email : null!, PasswordHash: default, Roles: [],
            AccountState.Active, Epoch: default, CreatedAt: Now);
        var session = Session.Start(account, new("127.0.0.1", null), remember: true, Now, new()) with { Generation = generation };
        return generation == 0 || rotatedAgo is null
            ? session
            : session with { Rotations = session.Rotations.With(generation - 1, Now - rotatedAgo.Value) };
    }
}
