using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Turns the exceptions of HTTP functions into problems; those of timers pass through.</summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> log) : IFunctionsWorkerMiddleware
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            // Depending on how the worker calls a function, its exception is wrapped.
            var cause = exception is AggregateException several ? several.GetBaseException() : exception;
            var isStopped = context.CancellationToken.IsCancellationRequested && cause is not ProblemException;
            if (isStopped || await context.GetHttpRequestDataAsync() is not { } request)
                throw;
            context.GetInvocationResult().Value = await request.ReplyAsync(ToProblem(cause, context));
        }
    }

    private Problem ToProblem(Exception exception, FunctionContext context)
    {
        switch (exception)
        {
            case ProblemException refusal:
                return refusal.Problem;
            case StorageUnavailableException:
                log.StorageUnavailable(context.FunctionDefinition.Name, exception.Message);
                return new(ProblemCode.Unavailable, "Storage can't be reached; try again.", RetryAfter: RetryAfter);
            case ServiceBusyException:
                log.Busy(context.FunctionDefinition.Name);
                return new(ProblemCode.Unavailable, "Too many logins at once; try again.", RetryAfter: RetryAfter);
            case CaptchaUnavailableException:
                log.CaptchaUnavailable(context.FunctionDefinition.Name, exception.Message);
                return new(ProblemCode.Unavailable, "Captchas can't be checked right now; try again.", RetryAfter: RetryAfter);
            case BreachedListUnavailableException:
                log.BreachedListUnavailable(context.FunctionDefinition.Name, exception.Message);
                return new(ProblemCode.Unavailable, "New passwords can't be checked right now; try again.", RetryAfter: RetryAfter);
            default:
                log.Failed(context.FunctionDefinition.Name, exception);
                return new(ProblemCode.InternalError, "The failure was logged under this trace id.");
        }
    }
}
