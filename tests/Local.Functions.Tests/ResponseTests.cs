using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Functions.Tests;

public class ResponseTests
{
    [Fact]
    public async Task Status_headers_and_body_are_sent()
    {
        await using var app = await TestApp.StartAsync<Answers>();

        using var response = await app.Http.GetAsync("api/full");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("1,2", Assert.Single(response.Headers.GetValues("X-Many")));
        Assert.Equal(14, response.Content.Headers.ContentLength);
        Assert.Equal("""{"Name":"Ada"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_app_can_change_how_json_is_written()
    {
        await using var app = await TestApp.StartAsync<Answers>(builder => builder.Services
            .Configure<JsonSerializerOptions>(json => json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase));

        Assert.Equal("""{"name":"Ada"}""", await app.Http.GetStringAsync("api/full"));
    }

    [Fact]
    public async Task Each_cookie_gets_a_header_of_its_own_with_its_attributes()
    {
        await using var app = await TestApp.StartAsync<Answers>();

        using var response = await app.Http.GetAsync("api/cookies");

        Assert.Equal(
            [
                "plain=a%20b; path=/",
                "full=1; expires=Sat, 01 Jan 2028 00:00:00 GMT; max-age=60; domain=example.com; path=/api; secure; " +
                "samesite=strict; httponly",
                "lax=1; path=/; samesite=lax",
                "cross=1; path=/; secure; samesite=none",
            ],
            response.Headers.GetValues("Set-Cookie"));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task A_status_without_a_body_sends_none(int status)
    {
        await using var app = await TestApp.StartAsync<Answers>();

        using var response = await app.Http.GetAsync($"api/status/{status}");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public async Task HEAD_tells_the_length_and_sends_no_body()
    {
        await using var app = await TestApp.StartAsync<Answers>();

        using var response = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/status/200"));

        Assert.Equal(4, response.Content.Headers.ContentLength);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("nothing", 204, "")]
    [InlineData("null", 204, "")]
    [InlineData("task", 204, "")]
    [InlineData("text", 200, "hello")]
    [InlineData("object", 200, """{"Name":"Ada"}""")]
    [InlineData("valuetask", 200, "value")]
    [InlineData("stream", 200, "streamed")]
    public async Task Any_result_becomes_a_response(string route, int status, string body)
    {
        await using var app = await TestApp.StartAsync<Results>();

        using var response = await app.Http.GetAsync($"api/{route}");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    public class Answers
    {
        [Function("Full")]
        public static async Task<HttpResponseData> Full([HttpTrigger(Route = "full")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Created);
            response.Headers.Add("X-Many", "1");
            response.Headers.Add("X-Many", "2");
            response.Headers.Add("Content-Length", "99");
            await response.WriteAsJsonAsync(new RequestTests.Person("Ada"));
            return response;
        }

        [Function("Cookies")]
        public static HttpResponseData Cookies([HttpTrigger(Route = "cookies")] HttpRequestData request)
        {
            var response = request.CreateResponse();
            response.Cookies.Append("plain", "a b");
            response.Cookies.Append(new HttpCookie("full", "1")
            {
                Domain = "example.com",
                Path = "/api",
                Expires = new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero),
                MaxAge = 60,
                HttpOnly = true,
                Secure = true,
                SameSite = SameSite.Strict,
            });
            response.Cookies.Append(new HttpCookie("lax", "1") { SameSite = SameSite.Lax });
            response.Cookies.Append(new HttpCookie("cross", "1") { SameSite = SameSite.ExplicitNone, Secure = true });
            return response;
        }

        [Function("Status")]
        public static async Task<HttpResponseData> Status(
            [HttpTrigger(Route = "status/{code:int}")] HttpRequestData request, int code)
        {
            var response = request.CreateResponse((HttpStatusCode)code);
            await response.WriteBytesAsync("body"u8.ToArray());
            return response;
        }
    }

    public class Results
    {
        [Function("Nothing")]
        public static void Nothing([HttpTrigger(Route = "nothing")] HttpRequestData request) => _ = request;

        [Function("Null")]
        public static Task<HttpResponseData?> Null([HttpTrigger(Route = "null")] HttpRequestData request) =>
            Task.FromResult<HttpResponseData?>(null);

        [Function("Task")]
        public static Task Task_([HttpTrigger(Route = "task")] HttpRequestData request) => Task.Delay(1);

        [Function("Text")]
        public static string Text([HttpTrigger(Route = "text")] HttpRequestData request) => "hello";

        [Function("Object")]
        public static Task<RequestTests.Person> Poco([HttpTrigger(Route = "object")] HttpRequestData request) =>
            Task.FromResult(new RequestTests.Person("Ada"));

        [Function("ValueTask")]
        public static async ValueTask<HttpResponseData> ValueTask_([HttpTrigger(Route = "valuetask")] HttpRequestData request) =>
            await request.Text("value");

        [Function("Stream")]
        public static HttpResponseData Stream([HttpTrigger(Route = "stream")] HttpRequestData request)
        {
            var response = request.CreateResponse();
            response.Body = new MemoryStream("streamed"u8.ToArray());
            return response;
        }
    }
}
