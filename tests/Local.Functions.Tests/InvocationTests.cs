using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Functions.Tests;

public class InvocationTests
{
    private const string Id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";

    [Theory]
    [InlineData($"api/values/a%20b/-3/9000000000/{Id}/true", $"a b|-3|9000000000|{Id}|True|none")]
    [InlineData($"api/values/x/1/2/{Id}/false/more", $"x|1|2|{Id}|False|more")]
    public async Task Route_values_are_bound_by_name_and_converted(string url, string expected)
    {
        await using var app = await TestApp.StartAsync<Values>();

        Assert.Equal(expected, await app.Http.GetStringAsync(url));
    }

    [Fact]
    public async Task A_route_value_that_does_not_fit_its_parameter_fails_the_invocation()
    {
        await using var app = await TestApp.StartAsync<Values>();

        using var response = await app.Http.GetAsync($"api/values/x/one/2/{Id}/true");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.IsType<FunctionInputConverterException>(Assert.Single(app.Logs.Errors).Exception);
    }

    [Fact]
    public async Task The_context_tells_about_the_function()
    {
        await using var app = await TestApp.StartAsync<Values>();

        var lines = (await app.Http.GetStringAsync("api/context/7")).Split('\n');

        Assert.Equal("Context", lines[0]);
        Assert.Equal("Local.Functions.Tests.InvocationTests+Values.Context", lines[1]);
        Assert.Equal(typeof(Values).Assembly.Location, lines[2]);
        Assert.Equal("request:HttpRequestData,context:FunctionContext", lines[3]);
        Assert.Equal("id=7", lines[4]);
        Assert.Equal("request=httpTrigger", lines[5]);
        Assert.True(Guid.TryParse(lines[6], out _));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", lines[7]);
    }

    [Fact]
    public async Task The_trace_of_the_caller_goes_on()
    {
        await using var app = await TestApp.StartAsync<Values>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/context/7");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await app.Http.SendAsync(request);

        var trace = (await response.Content.ReadAsStringAsync()).Split('\n')[7];
        Assert.Matches("^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$", trace);
    }

    [Fact]
    public async Task Each_invocation_has_its_own_scope_and_object_and_both_are_disposed()
    {
        var disposals = new Disposals();
        await using var app = await TestApp.StartAsync<Scoped>(builder => builder.Services
            .AddSingleton(disposals).AddScoped<Unit>());

        var first = await app.Http.GetStringAsync("api/scoped");
        var second = await app.Http.GetStringAsync("api/scoped");
        using var failed = await app.Http.GetAsync("api/scopedfailure");

        Assert.Equal("same", first);
        Assert.Equal("same", second);
        await Eventually.TrueAsync(() => disposals.Units == 3);
        Assert.Equal(3, disposals.Functions);
    }

    [Fact]
    public async Task An_exception_is_logged_and_answered_with_an_empty_500()
    {
        await using var app = await TestApp.StartAsync<Failures>();

        foreach (var route in new[] { "api/throws", "api/throwslater", "api/badheader" })
        {
            using var response = await app.Http.GetAsync(route);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.Equal("", await response.Content.ReadAsStringAsync());
            Assert.False(response.Headers.Contains("X-Before"));
        }

        Assert.Equal(
            ["Function.Throws", "Function.ThrowsLater", "Function.BadHeader"], app.Logs.Errors.Select(e => e.Category));
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_the_invocation_and_that_is_no_error()
    {
        var watch = new Watch();
        await using var app = await TestApp.StartAsync<Failures>(builder => builder.Services.AddSingleton(watch));

        using var gone = new CancellationTokenSource();
        var request = app.Http.GetAsync("api/waits", gone.Token);
        await watch.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        Assert.True(await watch.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("api/fine")).StatusCode);
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public async Task A_timeout_of_the_function_itself_is_an_error()
    {
        await using var app = await TestApp.StartAsync<Failures>();

        using var response = await app.Http.GetAsync("api/timesout");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.IsAssignableFrom<OperationCanceledException>(Assert.Single(app.Logs.Errors).Exception);
    }

    [Fact]
    public async Task A_running_invocation_finishes_when_the_host_stops()
    {
        var watch = new Watch();
        await using var app = await TestApp.StartAsync<Failures>(builder => builder.Services.AddSingleton(watch));

        var request = app.Http.GetAsync("api/slow");
        await watch.Started.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await app.StopAsync();

        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => app.Http.GetAsync("api/fine"));
    }

    [Fact]
    public async Task A_request_kept_beyond_its_invocation_never_shows_another_ones_data()
    {
        Keeper.Kept = null;
        await using var app = await TestApp.StartAsync<Keeper>();

        await app.Http.GetStringAsync("api/keep");

        await Eventually.TrueAsync(() => Record.Exception(() => Keeper.Kept!.Headers) is InvalidOperationException);
    }

    public class Values
    {
        [Function("Values")]
        public static Task<HttpResponseData> Get(
            [HttpTrigger(Route = "values/{text}/{number}/{big}/{id}/{flag}/{optional?}")] HttpRequestData request,
            string text,
            int number,
            long big,
            Guid id,
            bool flag,
            CancellationToken cancellationToken,
            string optional = "none") => request.Text($"{text}|{number}|{big}|{id}|{flag}|{optional}");

        [Function("Context")]
        public static Task<HttpResponseData> Context(
            [HttpTrigger(Route = "context/{id:int}")] HttpRequestData request, FunctionContext context)
        {
            var definition = context.FunctionDefinition;
            return request.Text(string.Join('\n',
                definition.Name,
                definition.EntryPoint,
                definition.PathToAssembly,
                string.Join(',', definition.Parameters.Select(p => $"{p.Name}:{p.Type.Name}")),
                string.Join(',', context.BindingContext.BindingData.Select(d => $"{d.Key}={d.Value}")),
                string.Join(',', definition.InputBindings.Select(b => $"{b.Key}={b.Value.Type}")),
                context.InvocationId,
                context.TraceContext.TraceParent));
        }
    }

    public sealed class Disposals
    {
        private int _functions;
        private int _units;

        public int Functions => _functions;

        public int Units => _units;

        public void Function() => Interlocked.Increment(ref _functions);

        public void Unit() => Interlocked.Increment(ref _units);
    }

    public sealed class Unit(Disposals disposals) : IDisposable
    {
        public void Dispose() => disposals.Unit();
    }

    public sealed class Scoped(Unit unit, Disposals disposals) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            disposals.Function();
            return default;
        }

        [Function("Scoped")]
        public Task<HttpResponseData> Get([HttpTrigger(Route = "scoped")] HttpRequestData request, FunctionContext context) =>
            request.Text(context.InstanceServices.GetRequiredService<Unit>() == unit ? "same" : "other");

        [Function("ScopedFailure")]
        public HttpResponseData Fail([HttpTrigger(Route = "scopedfailure")] HttpRequestData request) =>
            throw new InvalidOperationException($"with {unit}");
    }

    public sealed class Watch
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource<bool> Cancelled { get; } = new();
    }

    public class Failures
    {
        [Function("Throws")]
        public static HttpResponseData Throws([HttpTrigger(Route = "throws")] HttpRequestData request) =>
            throw new InvalidOperationException("at once");

        [Function("ThrowsLater")]
        public static async Task<HttpResponseData> ThrowsLater([HttpTrigger(Route = "throwslater")] HttpRequestData request)
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        }

        [Function("BadHeader")]
        public static HttpResponseData BadHeader([HttpTrigger(Route = "badheader")] HttpRequestData request)
        {
            var response = request.CreateResponse();
            response.Headers.Add("X-Before", "1");
            response.Headers.TryAddWithoutValidation("X-Bad", "snow \u2603");
            return response;
        }

        [Function("Waits")]
        public static async Task<HttpResponseData> Waits(
            [HttpTrigger(Route = "waits")] HttpRequestData request, FunctionContext context)
        {
            var watch = context.InstanceServices.GetRequiredService<Watch>();
            watch.Started.SetResult();
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(30), context.CancellationToken);
            }
            finally
            {
                watch.Cancelled.SetResult(context.CancellationToken.IsCancellationRequested);
            }

            return request.CreateResponse();
        }

        [Function("Slow")]
        public static async Task<HttpResponseData> Slow(
            [HttpTrigger(Route = "slow")] HttpRequestData request, FunctionContext context)
        {
            context.InstanceServices.GetRequiredService<Watch>().Started.SetResult();
            await Task.Delay(500);
            return request.CreateResponse();
        }

        [Function("TimesOut")]
        public static Task<HttpResponseData> TimesOut([HttpTrigger(Route = "timesout")] HttpRequestData request) =>
            throw new OperationCanceledException();

        [Function("Fine")]
        public static HttpResponseData Fine([HttpTrigger(Route = "fine")] HttpRequestData request) => request.CreateResponse();
    }

    public class Keeper
    {
        public static HttpRequestData? Kept { get; set; }

        [Function("Keep")]
        public static HttpResponseData Keep([HttpTrigger(Route = "keep")] HttpRequestData request)
        {
            Kept = request;
            return request.CreateResponse();
        }
    }
}
