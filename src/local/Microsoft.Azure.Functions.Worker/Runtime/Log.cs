using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Invocation})")]
    internal static partial void Failed(this ILogger logger, Exception exception, string function, string invocation);

    [LoggerMessage(2, LogLevel.Debug, "Executed 'Functions.{Function}' (Canceled, Id={Invocation})")]
    internal static partial void Canceled(this ILogger logger, string function, string invocation);

    [LoggerMessage(3, LogLevel.Warning, "Function '{Function}' was still running when the host stopped")]
    internal static partial void Abandoned(this ILogger logger, string function);
}
