namespace Serverless.Sessions.Tests.Text;

public sealed class MaskedAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.0/24")]
    [InlineData("127.0.0.1", "127.0.0.0/24")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("fe80::1%3", "fe80::/48")]
    [InlineData("::1", "::/48")]
    [InlineData("2001:0db8:0001:0002", "2001:db8:1::/48")]
    public void A_log_names_the_network_and_not_the_address(string address, string logged) =>
        Assert.Equal(logged, MaskedAddress.Of(address));

    [Theory]
    [InlineData("unknown")]
    [InlineData("")]
    [InlineData("203.0.113.7\n2001 Security: all is well")]
    [InlineData("somebody@example.com")]
    public void Text_that_is_no_address_never_gets_into_a_log(string text) => Assert.Equal("unknown", MaskedAddress.Of(text));
}
