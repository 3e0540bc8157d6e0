using System.Net;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>
/// Where a request came from. In Azure the platform's front end appends the caller as <c>ip:port</c> to X-Forwarded-For, and
/// only that last entry can be trusted: all before it the client may have sent itself. Here is no front end, so the runtime
/// does the same, and an app that reads the last entry works unchanged in both places.
/// </summary>
internal static class CallerAddress
{
    internal const string Header = "x-forwarded-for";

    internal static string? AppendTo(string? forwarded, ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address)
            return forwarded;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        // Formats IPv6 with brackets: [::1]:1234.
        var caller = new IPEndPoint(address, connection.RemotePort).ToString();
        return string.IsNullOrEmpty(forwarded) ? caller : $"{forwarded}, {caller}";
    }
}
