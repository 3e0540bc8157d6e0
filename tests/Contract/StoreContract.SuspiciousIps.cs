namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_flag_keeps_the_newest_evidence()
    {
        var flag = NewFlag();
        Assert.Null(await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        var renewed = flag with { Evidence = flag.Evidence with { Count = 12 }, Raised = true };
        await Stores.SuspiciousIps.FlagAsync(renewed, default);
        Assert.Equal(renewed, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
    }

    [Fact]
    public async Task An_acknowledgement_stays_when_the_evidence_is_renewed()
    {
        var flag = NewFlag();
        var acknowledgement = new Acknowledgement(UserId.New(Now), Now.AddMinutes(6));
        Assert.Null(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        Assert.True(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        Assert.False(await Stores.SuspiciousIps.TryAcknowledgeAsync(
            flag.AddressGroup, new(UserId.New(Now), Now.AddMinutes(7)), default)); // The first one stays.
        var renewed = flag with { Evidence = flag.Evidence with { Count = 20 } };
        await Stores.SuspiciousIps.FlagAsync(renewed, default);
        Assert.Contains(
            renewed with { Acknowledged = acknowledgement }, await Stores.SuspiciousIps.ListAsync(default).ToListAsync());
    }

    [Fact]
    public async Task An_acknowledgement_can_be_undone_and_made_again()
    {
        var (flag, acknowledgement) = (NewFlag(), new Acknowledgement(UserId.New(Now), Now.AddMinutes(6)));
        Assert.Null(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, null, default));
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default);
        foreach (var isNew in (bool[])[true, false])
        {
            Assert.Equal(isNew, await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, null, default));
            Assert.Equal(flag, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
        }

        Assert.True(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        Assert.Equal(flag with { Acknowledged = acknowledgement }, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
    }

    [Fact]
    public async Task An_acknowledgement_is_not_of_evidence_that_came_after_it()
    {
        var flag = NewFlag();
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, new(UserId.New(Now), Now.AddMinutes(6)), default);

        var again = flag with
        { Evidence = flag.Evidence with { FirstAt = Now.AddDays(90), LastAt = Now.AddDays(90) }, ExpiresAt = Now.AddDays(91) };
        await Stores.SuspiciousIps.FlagAsync(again, default);
        Assert.Equal(again, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));

        var acknowledgement = new Acknowledgement(UserId.New(Now), Now.AddDays(90));
        Assert.True(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        Assert.Equal(again with { Acknowledged = acknowledgement }, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
    }

    [Fact]
    public async Task Expired_flags_are_removed_and_others_stay()
    {
        var longAgo = Now.AddYears(-3); // No other test has flags of that time.
        var flag = NewFlag();
        var expired = flag with
        {
            Evidence = flag.Evidence with { FirstAt = longAgo, LastAt = longAgo },
            Since = longAgo,
            ExceededAt = longAgo,
            ExpiresAt = longAgo.AddDays(1),
        };
        var lasting = expired with { AddressGroup = NewAddress(), ExpiresAt = longAgo.AddDays(1).AddSeconds(1) };
        await Stores.SuspiciousIps.FlagAsync(expired, default);
        await Stores.SuspiciousIps.FlagAsync(lasting, default);

        Assert.Equal(1, await Stores.SuspiciousIps.RemoveExpiredAsync(expired.ExpiresAt, default));

        Assert.Null(await Stores.SuspiciousIps.FindAsync(expired.AddressGroup, default));
        Assert.Equal(lasting, await Stores.SuspiciousIps.FindAsync(lasting.AddressGroup, default));
        await Stores.SuspiciousIps.RemoveExpiredAsync(lasting.ExpiresAt, default);
    }

    private static SuspiciousIp NewFlag() => new(
        NewAddress(),
        new(TimeSpan.FromMinutes(60), 11, Failures: 4, DistinctAccounts: 3, DistinctAddresses: 1, Now, Now.AddMinutes(5)),
        Since: Now.AddHours(-1), ExceededAt: Now.AddMinutes(-9), ExpiresAt: Now.AddDays(1));

    private static string NewAddress() => IpAddressGroup.Of(new IPAddress(Guid.NewGuid().ToByteArray()).ToString());
}
