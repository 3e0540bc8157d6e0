namespace Serverless.Functions.Tests;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:50123", "203.0.113.7")]
    [InlineData(" 203.0.113.7:50123 ", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("2001:DB8:0:0::7", "2001:db8::7")]
    [InlineData("[2001:db8::7]", "2001:db8::7")]
    [InlineData("[2001:db8::7]:50123", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:50123", "203.0.113.7")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("", "unknown")]
    [InlineData("nonsense", "unknown")]
    [InlineData("'; DROP TABLE Sessions--", "unknown")]
    [InlineData("203.0.113.7:port", "unknown")]
    public void What_the_proxy_wrote_is_read_in_all_its_forms(string header, string address) =>
        Assert.Equal(address, ClientAddress.Read(header, trustedHops: 1));

    [Theory]
    [InlineData("6.6.6.6, 203.0.113.7:50123", 1, "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7, 10.0.0.4:443", 2, "203.0.113.7")]
    // Who goes around a proxy chooses the entry before it, so such calls have to be blocked.
    [InlineData("6.6.6.6, 203.0.113.7:50123", 2, "6.6.6.6")]
    [InlineData("203.0.113.7", 2, null)]
    [InlineData(null, 1, null)]
    public void What_the_caller_wrote_before_it_is_not_believed(string? header, int trustedHops, string? address) =>
        Assert.Equal(address, ClientAddress.Read(header, trustedHops));
}
