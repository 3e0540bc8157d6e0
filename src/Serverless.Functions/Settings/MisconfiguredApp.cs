using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Settings;

/// <summary>Runs in place of an app with invalid settings, since a worker that exits explains little. Answers every request with
/// <c>misconfigured</c>, and has nothing that could act on invalid values: no options, no storage, no hosted services.</summary>
internal static class MisconfiguredApp
{
    public static IHost Build(string[] args, Misconfiguration misconfiguration)
    {
        // The local host exits when a worker prints this; other hosts show the line as an error.
        foreach (var sentence in misconfiguration.Sentences)
            Console.Error.WriteLine($"Configuration error: {sentence}");
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.Services.AddSingleton(misconfiguration);
        builder.UseMiddleware<MisconfiguredMiddleware>();
        return builder.Build();
    }
}

/// <summary>Answers every invocation itself, so that no function is ever created.</summary>
internal sealed class MisconfiguredMiddleware(Misconfiguration misconfiguration, ILogger<MisconfiguredMiddleware> log)
    : IFunctionsWorkerMiddleware
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private int _logged;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var request = await context.GetHttpRequestDataAsync();
        // Once for all requests, since anyone can send many, but for every run of a timer.
        if (request is null || Interlocked.Exchange(ref _logged, 1) == 0)
            log.Misconfigured(string.Join(' ', misconfiguration.Sentences));
        if (request is null)
            throw new InvalidOperationException(Detail);
        context.GetInvocationResult().Value = await (context.FunctionDefinition.Name == HealthProbes.Live
            ? HealthProbes.LiveAsync(request)
            : request.ReplyAsync(new Problem(ProblemCode.Misconfigured, Detail, RetryAfter: RetryAfter)));
    }

    // Only the names: anyone can read this.
    private string Detail => $"Invalid settings: {string.Join(", ", misconfiguration.Names)}.";
}
