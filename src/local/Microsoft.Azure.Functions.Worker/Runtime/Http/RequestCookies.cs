using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>Reads the Cookie header as the official worker does: names trimmed, values as they stand, nothing decoded.</summary>
internal static class RequestCookies
{
    internal static IReadOnlyCollection<IHttpCookie> Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return [];
        var cookies = new List<IHttpCookie>();
        foreach (var part in header.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).Trim();
            // The official worker fails on an empty part, as after a last semicolon; no input may do that here.
            if (name.Length > 0)
                cookies.Add(new HttpCookie(name, equals < 0 ? "" : part[(equals + 1)..]));
        }

        return cookies;
    }
}
