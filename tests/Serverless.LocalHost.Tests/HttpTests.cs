using System.Net.Sockets;

namespace Serverless.LocalHost.Tests;

[Collection(nameof(SharedHost))]
public sealed class HttpTests(SharedHost shared)
{
    private HttpClient Client => shared.Host.Client;

    [Fact]
    public async Task A_function_gets_method_url_route_and_query()
    {
        var echo = await Echo.OfAsync(Client, "things/echo/caf%C3%A9?a=1&a=2&b=x%20y&c=1&C=2&word=other");
        Assert.Equal("GET", echo.Method);
        Assert.Equal($"http://127.0.0.1:{shared.Host.Port}/things/echo/caf%C3%A9?a=1&a=2&b=x%20y&c=1&C=2&word=other", echo.Url);
        Assert.Equal("café", echo.Word);
        Assert.Equal(("1,2", "x y"), (echo.Data["a"], echo.Data["b"]));
    }

    [Fact]
    public async Task A_function_gets_headers_in_lower_case_and_repeated_ones_joined()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "things/echo");
        request.Headers.TryAddWithoutValidation("X-Mixed", "a");
        request.Headers.TryAddWithoutValidation("x-mixed", "b");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.1");
        var echo = await Echo.OfAsync(Client, request);
        Assert.Contains(echo.Headers["x-mixed"], new[] { "a,b", "a, b" });
        Assert.Equal("192.0.2.1", echo.Headers["x-forwarded-for"]);
    }

    [Fact]
    public async Task A_function_gets_no_forwarding_header_that_the_caller_did_not_send() =>
        Assert.DoesNotContain("x-forwarded-for", (await Echo.OfAsync(Client)).Headers.Keys);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_any_bytes_arrives_as_it_is_and_one_in_chunks_is_dropped(bool chunked)
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "things/echo") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        Assert.Equal(chunked ? "" : Convert.ToBase64String(bytes), (await Echo.OfAsync(Client, request)).Body);
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        using var content = new ByteArrayContent(new byte[5_000_000]);
        using var response = await Client.PutAsync("things/length", content);
        Assert.Equal("5000000", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_of_more_than_100_MB_is_413()
    {
        using var socket = new TcpClient("127.0.0.1", shared.Host.Port);
        await socket.GetStream().WriteAsync("PUT /things/length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857601\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_trace_goes_on_in_the_function()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "things/echo");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var trace = (await Echo.OfAsync(Client, request)).Trace;
        Assert.Matches("^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$", trace);
        Assert.DoesNotContain("b7ad6b7169203331", trace, StringComparison.Ordinal);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", (await Echo.OfAsync(Client)).Trace);
    }

    [Fact]
    public async Task Cookies_are_a_header_each_and_several_values_are_joined()
    {
        using var response = await Client.GetAsync("things/cookies");
        Assert.Equal(
            ["first=1; max-age=60; path=/; secure; samesite=lax; httponly", "second=2; path=/"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal("a,b", string.Join('|', response.Headers.GetValues("X-Several")).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Raw_cookies_arrive_as_the_worker_joined_them()
    {
        using var response = await Client.GetAsync("things/raw-cookies");
        Assert.Equal("a=1; Path=/,b=2; Path=/", string.Concat(response.Headers.GetValues("Set-Cookie")).Replace(", ", ",", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", 200, "text", 4)]
    [InlineData("HEAD", 200, "", 4)]
    [InlineData("GET", 503, "text", 4)]
    [InlineData("GET", 204, "", 0)]
    [InlineData("GET", 205, "", 0)]
    [InlineData("GET", 304, "", 0)]
    public async Task An_answer_has_a_body_only_where_http_allows_it(string method, int status, string body, int length)
    {
        using var request = new HttpRequestMessage(new(method), $"things/answer/{status}");
        using var response = await Client.SendAsync(request);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(length, response.Content.Headers.ContentLength);
        Assert.Null(response.Headers.TransferEncodingChunked);
    }

    [Theory]
    [InlineData("things/throws")]
    [InlineData("things/bad-header")]
    public async Task A_failed_function_is_500_without_a_body(string path)
    {
        using var response = await Client.GetAsync(path);
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("GET", "things/overlap/exact", "first")] // By name, however specific the other route is.
    [InlineData("POST", "things/overlap/exact", "second")] // The first doesn't take the method.
    [InlineData("GET", "THINGS/Number/123", "digits")]
    public async Task The_first_function_by_name_that_fits_answers(string method, string path, string answer)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await Client.SendAsync(request);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "things/number/12a")]
    [InlineData("GET", "things/number/1234")]
    [InlineData("GET", "things/answer/x")]
    [InlineData("POST", "things/empty")] // Not 405.
    [InlineData("HEAD", "things/empty")]
    [InlineData("GET", "things")]
    [InlineData("GET", "empty")]
    [InlineData("GET", "api/empty")]
    [InlineData("POST", "")]
    [InlineData("POST", "admin/host/status")]
    public async Task What_no_function_takes_is_404_without_a_body(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotFound, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("", "Your Functions app is up and running.")]
    [InlineData("admin/host/status", """{"state":"Running"}""")]
    public async Task The_host_says_that_it_runs(string path, string answer) => Assert.Equal(answer, await Client.GetStringAsync(path));

    [Fact]
    public async Task Both_loopback_addresses_answer_and_grpc_is_not_reached_there()
    {
        var host = await Dns.GetHostAddressesAsync("localhost");
        if (host.Contains(IPAddress.IPv6Loopback))
            Assert.NotEmpty(await Client.GetStringAsync(new Uri($"http://[::1]:{shared.Host.Port}/")));
        using var response = await Client.PostAsync("AzureFunctionsRpcMessages.FunctionRpc/EventStream", null);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Many_calls_at_once_each_get_their_own_answer()
    {
        var words = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => (await Echo.OfAsync(Client, $"things/echo/{i}")).Word));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), words);
    }

    [Theory]
    [InlineData("Nothing", "application/json", HttpStatusCode.NotFound)]
    [InlineData("Empty", "application/json", HttpStatusCode.NotFound)]
    [InlineData("Hourly", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("hourly", "application/json", HttpStatusCode.Accepted)]
    public async Task Only_a_timer_is_run_by_hand_and_only_with_json(string name, string type, HttpStatusCode status)
    {
        using var response = await RunByHandAsync(name, type);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Runs_by_hand_never_overlap()
    {
        for (var i = 0; i < 3; i++)
            (await RunByHandAsync("Hourly")).Dispose();
        await shared.Host.UntilAsync(() => shared.Host.Lines.Count(l => l == "Hourly ended.") >= 3);

        var runs = shared.Host.Lines.Where(l => l.StartsWith("Hourly ", StringComparison.Ordinal)).ToList();
        Assert.Equal(runs.Select((_, i) => i % 2 == 0 ? "began" : "ended"), runs.Select(l => l[7..12]));
        Assert.StartsWith("Hourly began, past due: False, next: 20", runs[0], StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> RunByHandAsync(string name, string type = "application/json")
    {
        using var content = new StringContent("""{"input":""}""", Encoding.UTF8, type);
        return await Client.PostAsync($"admin/functions/{name}", content);
    }
}
