using System.Net;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

internal sealed class OutgoingResponse(FunctionContext context) : HttpResponseData(context)
{
    private HttpHeadersCollection? _headers;
    private Stream? _body;
    private OutgoingCookies? _cookies;

    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers
    {
        get => _headers ??= [];
        set => _headers = value ?? throw new InvalidOperationException("Headers property cannot be null");
    }

    public override Stream Body
    {
        get => _body ??= new MemoryStream();
        set => _body = value ?? throw new InvalidOperationException("Body property cannot be null");
    }

    public override HttpCookies Cookies => _cookies ??= new OutgoingCookies();

    internal IReadOnlyList<IHttpCookie> SentCookies => _cookies?.All ?? [];

    private sealed class OutgoingCookies : HttpCookies
    {
        internal List<IHttpCookie> All { get; } = [];

        public override void Append(string name, string value) => All.Add(new HttpCookie(name, value));

        public override void Append(IHttpCookie cookie)
        {
            ArgumentNullException.ThrowIfNull(cookie);
            All.Add(cookie);
        }

        public override IHttpCookie CreateNew() => new HttpCookie("", "");
    }
}
