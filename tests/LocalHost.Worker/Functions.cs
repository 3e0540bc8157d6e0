using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;

namespace LocalHost.Worker;

public sealed partial class Functions(ILogger<Functions> logger)
{
    [Function("Echo")]
    public static async Task<HttpResponseData> EchoAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "echo/{word?}")] HttpRequestData request, string? word, FunctionContext context)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var response = request.CreateResponse();
        await response.WriteAsJsonAsync(new
        {
            request.Method, Url = request.Url.AbsoluteUri, Word = word,
            Headers = request.Headers.ToDictionary(h => h.Key, h => string.Join('|', h.Value)),
            Body = Convert.ToBase64String(body.ToArray()),
            Data = context.BindingContext.BindingData.ToDictionary(d => d.Key, d => d.Value?.ToString()),
            Trace = context.TraceContext.TraceParent, Environment.ProcessId, Arguments = Environment.GetCommandLineArgs()[1..],
            Environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .ToDictionary(name => name, Environment.GetEnvironmentVariable),
        });
        return response;
    }

    [Function("Empty")]
    public static HttpResponseData Empty([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequestData request) =>
        request.CreateResponse(HttpStatusCode.OK);

    [Function("Cookies")]
    public static HttpResponseData Cookies([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "cookies")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        response.Cookies.Append(new HttpCookie("first", "1") { Path = "/", HttpOnly = true, Secure = true, SameSite = SameSite.Lax, MaxAge = 60 });
        response.Cookies.Append(new HttpCookie("second", "2"));
        response.Headers.Add("X-Several", ["a", "b"]);
        return response;
    }

    [Function("RawCookies")]
    public static HttpResponseData RawCookies([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "raw-cookies")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        response.Headers.Add("Set-Cookie", "a=1; Path=/");
        response.Headers.Add("Set-Cookie", "b=2; Path=/");
        return response;
    }

    /// <summary>Always with a body, but for HEAD, where it only tells the length.</summary>
    [Function("Answer")]
    public static HttpResponseData Answer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "answer/{status:int}")] HttpRequestData request, int status)
    {
        var response = request.CreateResponse((HttpStatusCode)status);
        response.Headers.Add("Content-Type", "text/plain");
        if (request.Method == "HEAD")
            response.Headers.Add("Content-Length", "4");
        else
            response.WriteString("text");
        return response;
    }

    [Function("Length")]
    public static HttpResponseData Length(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "length")] HttpRequestData request) =>
        Reply(request, $"{request.Body.Length}");

    [Function("BadHeader")]
    public static HttpResponseData BadHeader([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "bad-header")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        response.Headers.TryAddWithoutValidation("X-Bad", "a\u0001b");
        return response;
    }

    /// <summary>A name after that of a more specific route, and before that of the fallback.</summary>
    [Function("AaaOverlap")]
    public static HttpResponseData First([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "overlap/{any}")] HttpRequestData request) =>
        Reply(request, "first");

    [Function("BbbOverlap")]
    public static HttpResponseData Second([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "overlap/exact")] HttpRequestData request) =>
        Reply(request, "second");

    [Function("Digits")]
    public static HttpResponseData Digits(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{id:regex(^[0-9]{{3}}$)}")] HttpRequestData request) =>
        Reply(request, "digits");

    [Function("Throws")]
    public static HttpResponseData Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequestData request) =>
        throw new InvalidOperationException($"Thrown by {request.FunctionContext.FunctionDefinition.Name}.");

    [Function("Slow")]
    public static async Task<HttpResponseData> SlowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow/{milliseconds:int}")] HttpRequestData request,
        int milliseconds,
        CancellationToken cancellationToken)
    {
        Console.WriteLine("Slow began.");
        try
        {
            await Task.Delay(milliseconds, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Slow was canceled.");
            throw;
        }

        return Reply(request, "slow");
    }

    [Function("Exit")]
    public static HttpResponseData Exit([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "exit/{code:int}")] HttpRequestData request, int code)
    {
        Console.Error.WriteLine("The worker exits.");
        Environment.Exit(code);
        return request.CreateResponse();
    }

    [Function("Talk")]
    public HttpResponseData Talk([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "talk")] HttpRequestData request)
    {
        Traced(logger);
        Debugged(logger);
        Told(logger);
        Warned(logger, new InvalidOperationException("a reason"));
        return request.CreateResponse();
    }

    [Function("Whisper")]
    public HttpResponseData Whisper([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whisper")] HttpRequestData request)
    {
        logger.LogWarning("A whispered warning.");
        logger.LogError("A whispered error\nof two lines.");
        return request.CreateResponse();
    }

    [Function("Hourly")]
    public static Task HourlyAsync([TimerTrigger("0 0 * * * *")] TimerInfo timer) => TimerAsync("Hourly", timer);

    [Function("Scheduled")]
    public static Task ScheduledAsync([TimerTrigger("%Timers:Schedule%")] TimerInfo timer) => TimerAsync("Scheduled", timer);

    [Function("AtStart")]
    public static Task AtStartAsync([TimerTrigger("1.00:00:00", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) =>
        TimerAsync("AtStart", timer);

    private static async Task TimerAsync(string name, TimerInfo timer)
    {
        Console.WriteLine($"{name} began, past due: {timer.IsPastDue}, next: {timer.ScheduleStatus?.Next:O}.");
        await Task.Delay(300);
        Console.WriteLine($"{name} ended.");
    }

    private static HttpResponseData Reply(HttpRequestData request, string text)
    {
        var response = request.CreateResponse();
        response.WriteString(text);
        return response;
    }

    [LoggerMessage(2009, LogLevel.Trace, "A traced line.", EventName = "2009")]
    private static partial void Traced(ILogger logger);

    [LoggerMessage(2010, LogLevel.Debug, "A debugged line.", EventName = "2010")]
    private static partial void Debugged(ILogger logger);

    [LoggerMessage(2011, LogLevel.Information, "A told line.", EventName = "2011")]
    private static partial void Told(ILogger logger);

    [LoggerMessage(2012, LogLevel.Warning, "A warned line.", EventName = "2012")]
    private static partial void Warned(ILogger logger, Exception reason);
}
