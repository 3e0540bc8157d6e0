namespace Serverless.Functions.Tests.Timeline;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("1.1.1.1", "8.8.8.8", "126.255.255.255", "128.0.0.0", "223.255.255.255")]
    [InlineData("9.255.255.255", "11.0.0.0")]
    [InlineData("100.63.255.255", "100.128.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("169.253.255.255", "169.255.0.0")]
    [InlineData("172.15.255.255", "172.32.0.0")]
    [InlineData("192.167.255.255", "192.169.0.0")]
    [InlineData("2606:4700:4700::1111", "2a00:1450:4001:80b::200e")]
    [InlineData("::ffff:8.8.8.8", "64:ff9b::8.8.8.8")]
    public void An_address_of_the_internet_is_public(params string[] addresses) =>
        Assert.All(addresses, address => Assert.True(PublicAddress.Is(IPAddress.Parse(address))));

    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.1", "127.255.255.255")]
    [InlineData("169.254.0.0", "169.254.169.254", "168.63.129.16")] // Where clouds hand out their identities.
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("198.18.0.1", "198.19.255.255")]
    [InlineData("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255")]
    [InlineData("::", "::1", "::7f00:1")] // The last one is IPv4-compatible.
    [InlineData("fe80::1", "fe80::1%2", "fec0::1")]
    [InlineData("fc00::1", "fd12:3456:789a::1", "ff02::1")]
    [InlineData("100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1")]
    [InlineData("::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254")]
    [InlineData("64:ff9b:1::1", "64:ff9b::10.1.2.3", "64:ff9b::169.254.169.254", "64:ff9b::127.0.0.1")]
    public void An_address_of_any_other_use_is_not(params string[] addresses) =>
        Assert.All(addresses, address => Assert.False(PublicAddress.Is(IPAddress.Parse(address))));
}
