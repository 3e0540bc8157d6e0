using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Health;

/// <summary>Records when a timer's run ended, unless it failed.</summary>
internal sealed class RecordTimerRun(ITimeline timeline, TimeProvider clock) : IFunctionsWorkerMiddleware
{
    public static bool AppliesTo(FunctionContext context) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "timerTrigger");

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        await next(context);
        try
        {
            await timeline.SaveLastRunAsync(context.FunctionDefinition.Name, clock.GetUtcNow(), context.CancellationToken);
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            // The run has done its work, and the next one is recorded.
        }
    }
}
