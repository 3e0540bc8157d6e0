namespace Serverless.Sessions.Tests.Policies;

public sealed class SessionPoliciesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Without_policies_the_settings_for_all_count()
    {
        var policies = new SessionPolicies();
        Assert.Equal(new(TimeSpan.FromHours(12), TimeSpan.FromDays(1), null, null, 15 * Minute, false), policies.Of(["reader"], remember: false));
        Assert.Equal(new(TimeSpan.FromDays(30), TimeSpan.FromDays(90), null, null, 15 * Minute, true), policies.Of(["reader"], remember: true));
    }

    [Fact]
    public void Of_several_roles_and_the_settings_for_all_the_strictest_counts_item_by_item()
    {
        var policies = With(
            new() { MaximumPerAccount = 3 },
            ("a", new() { IdleLifetime = TimeSpan.FromHours(2), Inactivity = 30 * Minute, MaximumSessions = 5, FreshProofAge = 60 * Minute }),
            ("b", new() { IdleLifetime = TimeSpan.FromHours(4), AbsoluteLifetime = TimeSpan.FromHours(8), Inactivity = 15 * Minute }),
            ("c", new() { IdleLifetime = TimeSpan.FromDays(20), MaximumSessions = 1, FreshProofAge = 5 * Minute, AllowRemember = false }));
        Assert.Equal(new(TimeSpan.FromHours(2), TimeSpan.FromHours(8), 15 * Minute, 1, 5 * Minute, false), policies.Of(["a", "b", "c"], remember: true));
        Assert.Equal(new(TimeSpan.FromHours(2), TimeSpan.FromDays(90), 30 * Minute, 3, 15 * Minute, true), policies.Of(["a", "other"], remember: true));
        Assert.Equal(new(TimeSpan.FromHours(12), TimeSpan.FromDays(1), null, 1, 5 * Minute, false), policies.Of(["c"], remember: false));
    }

    [Fact]
    public void A_policy_asks_for_a_fresh_proof_also_where_the_setting_for_all_asks_for_none()
    {
        var never = new StepUpOptions { MaximumAge = TimeSpan.Zero };
        var policies = new SessionPolicies(Options(("a", new() { FreshProofAge = 5 * Minute })), new SessionOptions(), never);
        Assert.Equal(5 * Minute, policies.Of(["a"], remember: false).FreshProofAge);
        Assert.Null(policies.Of([], remember: false).FreshProofAge);
    }

    [Theory]
    [InlineData(0, 15, "inactive")]
    [InlineData(14, 1, "inactive")]
    [InlineData(15, 0, "inactive")]
    [InlineData(100_000, -99_985, "inactive")]
    public void A_session_expires_when_its_user_has_done_nothing_for_long_enough(int idleMinutes, int minutes, string reason)
    {
        var policy = With(new(), ("a", new() { Inactivity = 15 * Minute })).Of(["a"], remember: false);
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        Assert.Equal((now + minutes * Minute, new EndReason(reason)), policy.SlideExpiry(now, idleMinutes * Minute, now.AddHours(5)));
        Assert.Equal(now.AddMinutes(-1), policy.SlideExpiry(now, TimeSpan.Zero, now.AddMinutes(-1)).At);
    }

    [Fact]
    public void Without_inactivity_it_does_not_matter_how_long_the_user_has_done_nothing()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var policy = new SessionPolicies().Of([], remember: false);
        Assert.Equal((now.AddHours(12), EndReason.ExpiredIdle), policy.SlideExpiry(now, TimeSpan.FromDays(2), now.AddDays(1)));
    }

    private static SessionPolicies With(SessionOptions sessions, params (string Role, RolePolicy Policy)[] roles) =>
        new(Options(roles), sessions, new StepUpOptions());

    internal static PolicyOptions Options(params (string Role, RolePolicy Policy)[] roles) =>
        new() { Roles = roles.ToDictionary(each => each.Role, each => each.Policy) };
}
