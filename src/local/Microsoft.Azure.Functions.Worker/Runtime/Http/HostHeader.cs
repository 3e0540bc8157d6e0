using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>Whether the request's URL can be made from its Host header; the server lets some pass that are no hosts.</summary>
internal sealed class HostHeader
{
    // Nearly all requests name the same host, so the last good one spares them the parsing.
    private string? _lastGood;

    internal bool IsUsable(HostString host)
    {
        if (host.Value == _lastGood && host.HasValue)
            return true;
        if (!host.HasValue || !Uri.TryCreate($"http://{host.Value}/", UriKind.Absolute, out var url) || url.AbsolutePath != "/")
            return false;
        _lastGood = host.Value;
        return true;
    }
}
