using Serverless.Sessions.Text;

namespace Serverless.Functions.Tests;

public sealed class RateLimitsTests
{
    [Fact]
    public void A_limit_lets_a_sixth_of_a_minute_through_at_once_and_tells_when_the_next_may_come()
    {
        using var limits = Limits(new() { LoginsPerMinutePerAddress = 16 });
        for (var i = 0; i < 3; i++)
            limits.LimitLogin(From("203.0.113.7"));
        var problem = Assert.Throws<ProblemException>(() => limits.LimitLogin(From("203.0.113.7"))).Problem;
        Assert.Equal((ProblemCode.RateLimited, "4"), (problem.Code, problem.RetryAfterSeconds));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_count_as_one_and_others_on_their_own()
    {
        using var limits = Limits(new() { RefreshesPerMinutePerAddress = 1 });
        limits.LimitRefresh(From("2001:db8:1:2::1"));
        Assert.Throws<ProblemException>(() => limits.LimitRefresh(From("2001:db8:1:2:ffff::2")));
        limits.LimitRefresh(From("2001:db8:1:3::1"));
    }

    [Fact]
    public void Callers_of_unknown_address_are_not_one_caller()
    {
        using var limits = Limits(new() { LoginsPerMinutePerAddress = 1, RefreshesPerMinutePerAddress = 1, OthersPerMinutePerAddress = 1 });
        var unknown = From(IpAddressGroup.Unknown);
        for (var i = 0; i < 100; i++)
        {
            limits.LimitLogin(unknown);
            limits.LimitRefresh(unknown);
            limits.LimitOther(unknown);
        }
    }

    [Fact]
    public void Made_up_passkeys_fill_the_history_of_their_user_with_ten_an_hour_and_lock_nobody_out()
    {
        using var limits = Limits(new());
        var (user, other) = (UserId.New(default), UserId.New(default));
        Assert.Equal(10, Enumerable.Range(0, 300).Count(_ => limits.LogsWrongPasskey(user)));
        Assert.True(limits.LogsWrongPasskey(other));
    }

    [Fact]
    public void Every_limit_counts_on_its_own()
    {
        using var limits = Limits(new()
        {
            LoginsPerMinutePerAddress = 1, LoginsPerMinutePerAccount = 1, RefreshesPerMinutePerAddress = 1, OthersPerMinutePerAddress = 1,
            MessagesPerMinutePerUser = 1, PresencesPerMinutePerUser = 1,
        });
        var user = UserId.New(default);
        Action[] counts =
        [
            () => limits.LimitLogin(From("203.0.113.7")), () => limits.LimitLogin(new AccountKey("key")),
            () => limits.LimitRefresh(From("203.0.113.7")), () => limits.LimitOther(From("203.0.113.7")),
            () => limits.LimitMessage(user), () => limits.LimitPresences(user, 50),
        ];
        Assert.All(counts, count => count());
        Assert.All(counts, count => Assert.Throws<ProblemException>(count));
    }

    [Fact]
    public void An_email_s_limit_counts_only_where_its_password_is_checked_and_the_address_s_always()
    {
        using var limits = Limits(new() { LoginsPerMinutePerAddress = 0, LoginsPerMinutePerAccount = 1 });
        Check(limits, isChecked: false);
        Check(limits, isChecked: true);
        Assert.Throws<ProblemException>(() => Check(limits, isChecked: true));
        Check(limits, isChecked: false);
        using var byAddress = Limits(new() { LoginsPerMinutePerAddress = 1, LoginsPerMinutePerAccount = 0 });
        Check(byAddress, isChecked: false);
        Assert.Throws<ProblemException>(() => Check(byAddress, isChecked: false));

        static void Check(RateLimits limits, bool isChecked) =>
            limits.LimitOwnPassword(From("203.0.113.7"), new AccountKey("key"), isChecked);
    }

    [Fact]
    public void An_address_past_its_limit_of_mails_uses_up_nobody_s_email()
    {
        using var limits = Limits(new() { MailsPerHourPerAddress = 1, MailsPerHourPerAccount = 1 });
        var (one, other) = (new AccountKey("one"), new AccountKey("other"));
        Assert.True(limits.AdmitsMail("resets", From("203.0.113.7"), one));
        Assert.False(limits.AdmitsMail("resets", From("203.0.113.7"), other));
        Assert.True(limits.AdmitsMail("resets", From("203.0.113.8"), other));
    }

    [Fact]
    public void An_email_gets_so_many_mails_of_each_kind_from_whatever_addresses()
    {
        using var limits = Limits(new() { MailsPerHourPerAddress = 10, MailsPerHourPerAccount = 2 });
        var email = new AccountKey("key");
        Assert.All(["203.0.113.7", "203.0.113.8"], address => Assert.True(limits.AdmitsMail("resets", From(address), email)));
        Assert.False(limits.AdmitsMail("resets", From("203.0.113.9"), email));
        Assert.True(limits.AdmitsMail("registrations", From("203.0.113.9"), email));
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        using var limits = Limits(new() { LoginsPerMinutePerAccount = 0 });
        for (var i = 0; i < 10_000; i++)
            limits.LimitLogin(new AccountKey("key"));
    }

    private static RateLimits Limits(RateLimitOptions options) => new(Options.Create(options));
    private static ClientInfo From(string address) => new(address, null);
}
