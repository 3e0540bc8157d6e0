using System.Collections.Concurrent;
using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Local.Functions.Tests;

public class MiddlewareTests
{
    [Fact]
    public async Task Middlewares_run_in_the_order_of_their_registration_around_the_function()
    {
        var trail = new Trail();
        await using var app = await TestApp.StartAsync<Target>(builder =>
        {
            builder.Services.AddSingleton(trail);
            builder.UseMiddleware<Outer>();
            builder.UseMiddleware(async (context, next) =>
            {
                trail.Add("inner in");
                await next();
                trail.Add("inner out");
            });
            builder.UseWhen<Never>(_ => false);
            builder.UseWhen(_ => true, (_, next) =>
            {
                trail.Add("when");
                return next();
            });
        });

        await app.Http.GetStringAsync("api/target");

        Assert.Equal(["outer in", "inner in", "when", "function", "inner out", "outer out"], trail);
    }

    [Fact]
    public async Task A_middleware_class_has_one_instance_for_the_app()
    {
        await using var app = await TestApp.StartAsync<Target>(builder =>
        {
            builder.Services.AddSingleton(new Trail());
            builder.UseMiddleware<Outer>();
        });

        await app.Http.GetStringAsync("api/target");
        await app.Http.GetStringAsync("api/target");

        Assert.Equal(2, app.Services.GetRequiredService<Outer>().Calls);
    }

    [Fact]
    public async Task A_middleware_that_does_not_call_next_answers_instead_of_the_function()
    {
        var trail = new Trail();
        await using var app = await TestApp.StartAsync<Target>(builder =>
        {
            builder.Services.AddSingleton(trail);
            builder.UseMiddleware(async (context, next) =>
            {
                var request = await context.GetHttpRequestDataAsync();
                context.GetInvocationResult().Value = request!.CreateResponse(HttpStatusCode.Forbidden);
            });
        });

        using var response = await app.Http.GetAsync("api/target");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(trail);
    }

    [Fact]
    public async Task A_middleware_sees_the_response_and_may_change_or_replace_it()
    {
        await using var app = await TestApp.StartAsync<Target>(builder =>
        {
            builder.Services.AddSingleton(new Trail());
            builder.UseMiddleware(async (context, next) =>
            {
                await next();
                context.GetHttpResponseData()!.Headers.Add("X-Added", "1");
                var result = context.GetInvocationResult<HttpResponseData>();
                if ((await context.GetHttpRequestDataAsync())!.Query["replace"] is not null)
                    result.Value = result.Value!.FunctionContext.Items["other"] as HttpResponseData;
            });
            builder.UseMiddleware(async (context, next) =>
            {
                context.Items["other"] = (await context.GetHttpRequestDataAsync())!.CreateResponse(HttpStatusCode.Conflict);
                await next();
            });
        });

        using var kept = await app.Http.GetAsync("api/target");
        using var replaced = await app.Http.GetAsync("api/target?replace=1");

        Assert.Equal("1", Assert.Single(kept.Headers.GetValues("X-Added")));
        Assert.Equal(HttpStatusCode.Conflict, replaced.StatusCode);
    }

    [Fact]
    public async Task A_middleware_can_answer_for_a_function_that_failed()
    {
        await using var app = await TestApp.StartAsync<InvocationTests.Failures>(builder =>
            builder.UseMiddleware(async (context, next) =>
            {
                try
                {
                    await next();
                }
                catch (InvalidOperationException)
                {
                    var request = await context.GetHttpRequestDataAsync();
                    context.GetInvocationResult().Value = request!.CreateResponse(HttpStatusCode.ServiceUnavailable);
                }
            }));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Http.GetAsync("api/throwslater")).StatusCode);
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public async Task Middlewares_run_for_timers_too_and_find_no_request_there()
    {
        var seen = new ConcurrentQueue<string>();
        await using var app = await TestApp.StartAsync<TimerTests.Startup>(builder =>
            builder.UseMiddleware(async (context, next) =>
            {
                seen.Enqueue($"{context.FunctionDefinition.Name} {await context.GetHttpRequestDataAsync() is null}");
                await next();
            }));

        await Eventually.TrueAsync(() => !seen.IsEmpty);
        Assert.Equal("Startup True", seen.First());
    }

    [Fact]
    public void Nothing_can_be_added_once_the_app_is_built()
    {
        var builder = Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication.CreateBuilder([]);
        builder.Build().Dispose();

        Assert.Throws<InvalidOperationException>(() => builder.Use(next => next));
        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    public sealed class Trail : ConcurrentQueue<string>
    {
        public void Add(string step) => Enqueue(step);
    }

    public sealed class Outer(Trail trail) : IFunctionsWorkerMiddleware
    {
        public int Calls { get; private set; }

        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            Calls++;
            trail.Add("outer in");
            await next(context);
            trail.Add("outer out");
        }
    }

    public sealed class Never(Trail trail) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            trail.Add("never");
            return next(context);
        }
    }

    public class Target(Trail trail)
    {
        [Function("Target")]
        public HttpResponseData Get([HttpTrigger(Route = "target")] HttpRequestData request)
        {
            trail.Add("function");
            return request.CreateResponse();
        }
    }
}
