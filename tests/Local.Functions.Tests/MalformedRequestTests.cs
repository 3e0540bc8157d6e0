using System.Net;

namespace Local.Functions.Tests;

public class MalformedRequestTests
{
    [Theory]
    [InlineData("GET /api/query?a=1 HTTP/1.1\r\nHost: \r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.0\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: a:99999\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: a..b:x\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: [::1\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: ex\u00e4mple\r\n\r\n")]
    [InlineData("GET /api/%00 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /api/\u00ff HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET http://b/api/query HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("CONNECT /api/query HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET /api/query HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task A_malformed_request_is_the_callers_fault(string request)
    {
        await using var app = await TestApp.StartAsync<RequestTests.Echo>();

        var answer = await app.SendRawAsync(request);

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Empty(app.Logs.Errors);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("api/query")).StatusCode);
    }

    [Theory]
    [InlineData("GET /api/query?%zz=%&&=&a=%C3%28 HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET /api/url/%zz?%00 HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET /api/url/%C3%28 HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET /api/url/a%2Fb?# HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET //api//query HTTP/1.1\r\nHost: a\r\n\r\n", 404)]
    [InlineData("GET /../../api/query HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET /api/cookies HTTP/1.1\r\nHost: a\r\nCookie: ;=;==;a\r\n\r\n", 200)]
    [InlineData("GET /api/headers HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ,;!\r\nX: \r\n\r\n", 200)]
    [InlineData("GET http://a/api/url/x HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 404)]
    public async Task Odd_requests_are_answered_like_any_other(string request, int status)
    {
        await using var app = await TestApp.StartAsync<RequestTests.Echo>();

        var answer = await app.SendRawAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Empty(app.Logs.Errors);
    }
}
