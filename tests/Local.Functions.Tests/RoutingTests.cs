using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Local.Functions.Tests;

public class RoutingTests
{
    [Theory]
    [InlineData("GET", "api/items", "List")]
    [InlineData("POST", "api/items", "Add")]
    [InlineData("GET", "api/ITEMS", "List")]
    [InlineData("GET", "api/items/7", "Item 7")]
    [InlineData("GET", "api/items/seven", "Rest items/seven")]
    [InlineData("DELETE", "api/items/7", "Rest items/7")]
    [InlineData("GET", "api/items/special", "Special")]
    [InlineData("GET", "api/Unrouted", "Rest Unrouted")]
    [InlineData("PATCH", "api/Unrouted", "Rest Unrouted")]
    [InlineData("PUT", "api/a/b/c", "Rest a/b/c")]
    public async Task The_first_function_by_name_that_fits_address_and_method_answers(string method, string url, string expected)
    {
        await using var app = await TestApp.StartAsync<Items>();

        using var response = await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_path_that_no_function_has_is_not_found_and_has_no_body()
    {
        await using var app = await TestApp.StartAsync<Narrow>();

        using var response = await app.Http.GetAsync("api/elsewhere");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_method_that_no_function_of_the_path_takes_is_not_allowed_and_the_others_are_named()
    {
        await using var app = await TestApp.StartAsync<Narrow>();

        using var response = await app.Http.DeleteAsync("api/narrow");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("v2", "v2/narrow")]
    [InlineData("/deep/er/", "deep/er/narrow")]
    [InlineData("", "narrow")]
    public async Task The_prefix_comes_from_host_json(string prefix, string url)
    {
        var hostJson = $$$"""{ "version": "2.0", /* as it may */ "extensions": { "http": { "routePrefix": "{{{prefix}}}" } } }""";
        await using var app = await TestApp.StartAsync<Narrow>(hostJson: hostJson);

        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("api/narrow")).StatusCode);
    }

    [Fact]
    public async Task Of_two_routes_that_fit_equally_well_one_answers()
    {
        await using var app = await TestApp.StartAsync<Ambiguous>();

        Assert.Equal("First", await app.Http.GetStringAsync("api/either/x"));
    }

    [Fact]
    public async Task A_disabled_function_is_not_found_and_the_list_at_start_says_so()
    {
        await using var app = await TestApp.StartAsync<Narrow>(settings:
            """{ "IsEncrypted": false, "Values": { "AzureWebJobs.Switchable.Disabled": "true" } }""");

        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("api/switchable")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("api/narrow")).StatusCode);
        Assert.Contains("Function Switchable is disabled.", app.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_functions_are_listed_at_start_as_func_does()
    {
        await using var app = await TestApp.StartAsync([typeof(Items), typeof(TimerTests.Idle)]);

        var lines = app.Output.ToString().Split(Environment.NewLine);
        Assert.Equal("Functions:", lines[0]);
        Assert.Contains($"\tItem: [GET] {app.Address}api/items/{{id:int}}", lines);
        Assert.Contains($"\tUnrouted: {app.Address}api/Unrouted", lines);
        Assert.Contains("\tIdle: timerTrigger", lines);
    }

    public class Items
    {
        [Function("List")]
        public static Task<HttpResponseData> List([HttpTrigger("get", Route = "items")] HttpRequestData request) =>
            request.Text("List");

        [Function("Add")]
        public static Task<HttpResponseData> Add([HttpTrigger("post", Route = "/items")] HttpRequestData request) =>
            request.Text("Add");

        [Function("Item")]
        public static Task<HttpResponseData> Item(
            [HttpTrigger("get", Route = "items/{id:int}")] HttpRequestData request, int id) =>
            request.Text($"Item {id}");

        [Function("Special")]
        public static Task<HttpResponseData> Special([HttpTrigger("get", Route = "items/special")] HttpRequestData request) =>
            request.Text("Special");

        [Function("Unrouted")]
        public static Task<HttpResponseData> Unrouted([HttpTrigger] HttpRequestData request) => request.Text("Unrouted");

        // The host goes by name: what takes everything hides every function whose name comes after it.
        [Function("Tail")]
        public static Task<HttpResponseData> Rest([HttpTrigger(Route = "{*path}")] HttpRequestData request, string path) =>
            request.Text($"Rest {path}");
    }

    public class Narrow
    {
        [Function("NarrowGet")]
        public static HttpResponseData Get([HttpTrigger("get", Route = "narrow")] HttpRequestData request) =>
            request.CreateResponse();

        [Function("NarrowPost")]
        public static HttpResponseData Post([HttpTrigger("POST", Route = "narrow")] HttpRequestData request) =>
            request.CreateResponse();

        [Function("Switchable")]
        public static HttpResponseData Switchable([HttpTrigger(Route = "switchable")] HttpRequestData request) =>
            request.CreateResponse();
    }

    public class Ambiguous
    {
        [Function("First")]
        public static Task<HttpResponseData> First([HttpTrigger(Route = "either/{a}")] HttpRequestData request) =>
            request.Text("First");

        [Function("Second")]
        public static Task<HttpResponseData> Second([HttpTrigger(Route = "either/{b}")] HttpRequestData request) =>
            request.Text("Second");
    }
}
