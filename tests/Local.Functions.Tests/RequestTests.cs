using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Local.Functions.Tests;

public class RequestTests
{
    [Fact]
    public async Task The_url_is_absolute_and_made_from_the_host_header()
    {
        await using var app = await TestApp.StartAsync<Echo>();
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/url/a%20b?q=1&r=%C3%A9");
        request.Headers.Host = "example.com:8080";

        using var response = await app.Http.SendAsync(request);

        Assert.Equal("PUT http://example.com:8080/api/url/a%20b?q=1&r=%C3%A9", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_query_is_decoded_and_keeps_all_values_of_a_name()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        Assert.Equal("a b|1,2|", await app.Http.GetStringAsync("api/query?text=a+b&n=1&n=2"));
    }

    [Fact]
    public async Task Header_names_are_lower_case_and_several_values_are_joined_with_a_comma()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        var answer = await app.SendRawAsync("GET /api/headers HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two: 2\r\n\r\n");

        Assert.Contains("\nx-two=1,2\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_are_split_at_the_first_equals_sign_and_empty_parts_are_left_out()
    {
        await using var app = await TestApp.StartAsync<Echo>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/cookies");
        request.Headers.Add("Cookie", "a=1; b=x=y;; bare ; %41=%42;");

        using var response = await app.Http.SendAsync(request);

        Assert.Equal("a:1|b:x=y|bare:|%41:%42", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_can_be_read_as_text_twice()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        using var response = await app.Http.PostAsync("api/body", new StringContent("grüße"));

        Assert.Equal("grüße|grüße|True", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        await using var app = await TestApp.StartAsync<Echo>();
        var text = new string('x', 3_000_000);

        using var response = await app.Http.PostAsync("api/length", new StringContent(text));

        Assert.Equal("3000000", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_without_a_content_length_is_ignored_as_by_the_host()
    {
        await using var app = await TestApp.StartAsync<Echo>();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/length") { Content = new StringContent("abc") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await app.Http.SendAsync(request);

        Assert.Equal("0", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_of_more_than_100_MB_is_refused()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        var answer = await app.SendRawAsync("POST /api/length HTTP/1.1\r\nHost: h\r\nContent-Length: 104857601\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_read_whatever_the_case_of_its_names()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        using var response = await app.Http.PostAsync("api/json", Json("""{ "NAME": "Ada" }"""));

        Assert.Equal("Ada", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[1]")]
    public async Task Json_that_cannot_be_read_fails_as_in_the_official_package(string body)
    {
        await using var app = await TestApp.StartAsync<Echo>();

        using var response = await app.Http.PostAsync("api/json", Json(body));

        Assert.Equal("AggregateException of JsonException", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_caller_that_breaks_off_its_body_leaves_no_error_in_the_log()
    {
        await using var app = await TestApp.StartAsync<Echo>();

        using (var client = new TcpClient(app.Address.Host, app.Address.Port))
        {
            await client.GetStream().WriteAsync(
                "POST /api/length HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray());
            client.Client.Shutdown(SocketShutdown.Send);
            // Ends when the server gives up, too, by a reset or in order.
            await Record.ExceptionAsync(() => client.GetStream().CopyToAsync(Stream.Null));
        }

        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("api/length")).StatusCode);
        Assert.Empty(app.Logs.Errors);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public record Person(string Name);

    public class Echo
    {
        [Function("Url")]
        public static Task<HttpResponseData> Url([HttpTrigger(Route = "url/{x}")] HttpRequestData request) =>
            request.Text($"{request.Method} {request.Url.AbsoluteUri}");

        [Function("Query")]
        public static Task<HttpResponseData> Query([HttpTrigger(Route = "query")] HttpRequestData request) =>
            request.Text($"{request.Query["text"]}|{request.Query["n"]}|{request.Query["missing"]}");

        [Function("Headers")]
        public static Task<HttpResponseData> Headers([HttpTrigger(Route = "headers")] HttpRequestData request) =>
            request.Text(string.Concat(request.Headers.Select(h => $"\n{h.Key}={string.Join('/', h.Value)}\n")));

        [Function("Cookies")]
        public static Task<HttpResponseData> Cookies([HttpTrigger(Route = "cookies")] HttpRequestData request) =>
            request.Text(string.Join('|', request.Cookies.Select(c => $"{c.Name}:{c.Value}")));

        [Function("Body")]
        public static async Task<HttpResponseData> Body([HttpTrigger(Route = "body")] HttpRequestData request)
        {
            var first = await request.ReadAsStringAsync();
            request.Body.Position = 0;
            return await request.Text($"{first}|{request.ReadAsString()}|{request.Body.CanSeek}");
        }

        [Function("Length")]
        public static Task<HttpResponseData> Length([HttpTrigger(Route = "length")] HttpRequestData request) =>
            request.Text($"{request.Body.Length}");

        [Function("Json")]
        public static async Task<HttpResponseData> Json([HttpTrigger(Route = "json")] HttpRequestData request)
        {
            try
            {
                return await request.Text((await request.ReadFromJsonAsync<Person>())!.Name);
            }
            catch (AggregateException e)
            {
                return await request.Text($"{e.GetType().Name} of {e.InnerException?.GetType().Name}");
            }
        }
    }
}
