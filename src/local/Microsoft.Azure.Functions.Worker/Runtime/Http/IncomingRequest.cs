using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>The request a function sees, made from the server's as the host makes it.</summary>
internal sealed class IncomingRequest(FunctionContext context, HttpContext http, Stream body) : HttpRequestData(context)
{
    // Null when the invocation is over: the server reuses its context for the connection's next request.
    private HttpContext? _http = http;
    private HttpHeadersCollection? _headers;
    private IReadOnlyCollection<IHttpCookie>? _cookies;
    private Uri? _url;

    public override Stream Body => body;

    public override HttpHeadersCollection Headers => _headers ??= ReadHeaders(Http);

    public override IReadOnlyCollection<IHttpCookie> Cookies => _cookies ??= RequestCookies.Parse(Header("cookie"));

    public override Uri Url => _url ??= ReadUrl(Http.Request);

    public override IEnumerable<ClaimsIdentity> Identities => [];

    public override string Method { get; } = http.Request.Method;

    internal RouteValueDictionary RouteValues => Http.Request.RouteValues;

    internal CancellationToken Aborted => _http?.RequestAborted ?? CancellationToken.None;

    private HttpContext Http => _http
        ?? throw new InvalidOperationException("The invocation is over; what it needs of its request it must read before.");

    public override HttpResponseData CreateResponse() => new OutgoingResponse(FunctionContext);

    internal string? Header(string name) => Http.Request.Headers[name] is { Count: > 0 } values ? values.ToString() : null;

    internal void End() => _http = null;

    private static HttpHeadersCollection ReadHeaders(HttpContext http)
    {
        var headers = new HttpHeadersCollection();
        foreach (var (name, values) in http.Request.Headers)
        {
            if (!name.Equals(CallerAddress.Header, StringComparison.OrdinalIgnoreCase))
                headers.TryAddWithoutValidation(name.ToLowerInvariant(), values.ToString());
        }

        headers.TryAddWithoutValidation(CallerAddress.Header, CallerAddress.AppendTo(Header(http), http.Connection));
        return headers;

        static string? Header(HttpContext http) =>
            http.Request.Headers[CallerAddress.Header] is { Count: > 0 } values ? values.ToString() : null;
    }

    private static Uri ReadUrl(HttpRequest request) => new(string.Concat(
        "http://", request.Host.ToUriComponent(), request.Path.ToUriComponent(), request.QueryString.ToUriComponent()));
}
