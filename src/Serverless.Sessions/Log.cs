using Microsoft.Extensions.Logging;

namespace Serverless.Sessions;

/// <summary>Everything that the rules log. Event ids are stable: operators alert on them.</summary>
internal static partial class Log
{
    [LoggerMessage(1005, LogLevel.Warning, "A login succeeded, and what follows it is left to the next one: {Why}")]
    public static partial void LeftForNextLogin(this ILogger log, string why);
}
