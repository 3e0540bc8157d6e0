using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;

namespace Local.Functions.Tests;

public class StartupFailureTests
{
    [Theory]
    [InlineData(typeof(Twice), "The function name 'twice' must be unique within the function app.")]
    [InlineData(typeof(Admin), "'Admin': The specified route conflicts with one or more built in routes.")]
    [InlineData(typeof(RuntimeRoute), "The specified route conflicts with one or more built in routes.")]
    [InlineData(typeof(AdminName), "The specified route conflicts with one or more built in routes.")]
    [InlineData(typeof(SameRoute), "The route specified conflicts with the route defined by function 'One'.")]
    [InlineData(typeof(BadTemplate), "'BadTemplate': the route 'a/{b' is not valid")]
    [InlineData(typeof(BadConstraint), "'BadConstraint': the route 'api/{a:prime}' is not valid")]
    [InlineData(typeof(Unbound), "'Unbound': nothing can be bound to the parameter 'when' of type DateTime.")]
    [InlineData(typeof(NotInRoute), "'NotInRoute': its route 'api/a/{id}' has no value for the parameter 'name'.")]
    [InlineData(typeof(NoConstructor), "'NoConstructor': its class can't be made")]
    [InlineData(typeof(NoTrigger), "'NoTrigger' must have exactly one trigger, not 0.")]
    [InlineData(typeof(WrongType), "'WrongType': the parameter 'request' with the trigger must be HttpRequestData.")]
    [InlineData(typeof(BadSchedule), "'BadSchedule': the schedule 'often' is not valid")]
    [InlineData(typeof(NeverComes), "'NeverComes': the schedule '0 0 0 30 2 *' is not valid: it names a time that never comes.")]
    public async Task A_function_that_cannot_work_stops_the_start(Type type, string reason)
    {
        var failure = await Assert.ThrowsAsync<StartupException>(() => TestApp.StartAsync([type]));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start_and_the_sentence_says_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<StartupException>(
            () => TestApp.StartAsync([typeof(RoutingTests.Narrow)], args: ["--port", $"{port}"]));

        Assert.StartsWith($"Port {port} is in use:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--port", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("65536")]
    public async Task A_port_that_is_none_stops_the_start(string port)
    {
        var failure = await Assert.ThrowsAsync<StartupException>(
            () => TestApp.StartAsync([typeof(RoutingTests.Narrow)], args: ["--port", port]));

        Assert.Contains($"'{port}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_json_that_is_not_json_stops_the_start()
    {
        var failure = await Assert.ThrowsAsync<StartupException>(() => TestApp.StartAsync<RoutingTests.Narrow>(hostJson: "{"));

        Assert.Contains("not a valid host.json", failure.Message, StringComparison.Ordinal);
    }

    public class Twice
    {
        [Function("twice")]
        public static HttpResponseData One([HttpTrigger(Route = "one")] HttpRequestData request) => request.CreateResponse();

        [Function("Twice")]
        public static HttpResponseData Two([HttpTrigger(Route = "two")] HttpRequestData request) => request.CreateResponse();
    }

    public class Admin
    {
        [Function("Admin")]
        public static HttpResponseData Get([HttpTrigger(Route = "/Admin/users")] HttpRequestData request) =>
            request.CreateResponse();
    }

    public class RuntimeRoute
    {
        [Function("RuntimeRoute")]
        public static HttpResponseData Get([HttpTrigger(Route = "runtimes")] HttpRequestData request) => request.CreateResponse();
    }

    public class AdminName
    {
        [Function("AdministerUsers")]
        public static HttpResponseData Get([HttpTrigger] HttpRequestData request) => request.CreateResponse();
    }

    public class SameRoute
    {
        [Function("One")]
        public static HttpResponseData One([HttpTrigger("get", "post", Route = "same")] HttpRequestData request) =>
            request.CreateResponse();

        [Function("Two")]
        public static HttpResponseData Two([HttpTrigger("POST", Route = "/SAME")] HttpRequestData request) =>
            request.CreateResponse();
    }

    public class BadTemplate
    {
        [Function("BadTemplate")]
        public static HttpResponseData Get([HttpTrigger(Route = "a/{b")] HttpRequestData request) => request.CreateResponse();
    }

    public class BadConstraint
    {
        [Function("BadConstraint")]
        public static HttpResponseData Get([HttpTrigger(Route = "{a:prime}")] HttpRequestData request) =>
            request.CreateResponse();
    }

    public class Unbound
    {
        [Function("Unbound")]
        public static HttpResponseData Get([HttpTrigger(Route = "a/{when}")] HttpRequestData request, DateTime when) =>
            request.CreateResponse(when == default ? HttpStatusCode.OK : HttpStatusCode.Accepted);
    }

    public class NotInRoute
    {
        [Function("NotInRoute")]
        public static HttpResponseData Get([HttpTrigger(Route = "a/{id}")] HttpRequestData request, string name) =>
            request.CreateResponse(name is null ? HttpStatusCode.OK : HttpStatusCode.Accepted);
    }

    public class NoConstructor
    {
        private NoConstructor()
        {
        }

        [Function("NoConstructor")]
        public HttpResponseData Get([HttpTrigger] HttpRequestData request) =>
            request.CreateResponse((HttpStatusCode)GetHashCode());
    }

    public class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(FunctionContext context) => _ = context;
    }

    public class WrongType
    {
        [Function("WrongType")]
        public static void Run([HttpTrigger] string request) => _ = request;
    }

    public class BadSchedule
    {
        [Function("BadSchedule")]
        public static void Run([TimerTrigger("often")] TimerInfo timer) => _ = timer;
    }

    public class NeverComes
    {
        [Function("NeverComes")]
        public static void Run([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => _ = timer;
    }
}
