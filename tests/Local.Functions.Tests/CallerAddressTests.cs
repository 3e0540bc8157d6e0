using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Runtime.Http;

namespace Local.Functions.Tests;

public class CallerAddressTests
{
    [Fact]
    public async Task The_caller_is_the_last_entry_of_X_Forwarded_For_whatever_the_client_sent()
    {
        await using var app = await TestApp.StartAsync<RequestTests.Echo>();

        var plain = await app.Http.GetStringAsync("api/headers");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/headers");
        request.Headers.Add("X-Forwarded-For", ["9.9.9.9", "8.8.8.8:1"]);
        using var response = await app.Http.SendAsync(request);
        var forged = await response.Content.ReadAsStringAsync();

        Assert.Matches(@"\nx-forwarded-for=127\.0\.0\.1:\d+\n", plain);
        Assert.Matches(@"\nx-forwarded-for=9\.9\.9\.9, ?8\.8\.8\.8:1, 127\.0\.0\.1:\d+\n", forged);
    }

    [Theory]
    [InlineData("::1", null, "[::1]:1234")]
    [InlineData("10.0.0.1", null, "10.0.0.1:1234")]
    [InlineData("::ffff:10.0.0.1", null, "10.0.0.1:1234")]
    [InlineData("2001:db8::5", "1.1.1.1", "1.1.1.1, [2001:db8::5]:1234")]
    public void An_address_is_written_as_the_platform_writes_it(string address, string? sent, string expected)
    {
        var connection = new DefaultHttpContext().Connection;
        connection.RemoteIpAddress = IPAddress.Parse(address);
        connection.RemotePort = 1234;

        Assert.Equal(expected, CallerAddress.AppendTo(sent, connection));
    }
}
