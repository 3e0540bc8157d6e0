namespace Serverless.Functions.Tests;

public sealed class AddressFilterTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:DB8:0:0::7", "2001:db8::7")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:0db8:0001:0002", "2001:0db8:0001:0002")]
    [InlineData("unknown", "unknown")]
    [InlineData("1", null)]
    [InlineData("203.0.113", null)]
    [InlineData("010.0.0.1", null)]
    [InlineData("2001:0db8:0001", null)]
    [InlineData("nonsense", null)]
    public void An_address_is_looked_for_as_entries_have_it(string text, string? address) =>
        Assert.Equal(address, AddressFilter.Parse(text));
}
