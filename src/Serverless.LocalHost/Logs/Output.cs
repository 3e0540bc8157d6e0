using Microsoft.Extensions.Logging;

namespace Serverless.LocalHost.Logs;

/// <summary>What the host prints: a line for each log on standard output, and failures on standard error.</summary>
internal static class Output
{
    internal static void Line(string text) => Console.Out.WriteLine(text);

    internal static void Error(string text) => Console.Error.WriteLine(text);

    /// <param name="eventId">As the worker sends it: the event's name where it has one, otherwise its number.</param>
    internal static void Log(LogLevel level, string message, string eventId = "", string? exception = null)
    {
        var kind = level >= LogLevel.Warning ? $" {level}" : "";
        var id = eventId is "" or "0" ? "" : $" [{eventId}]";
        var error = string.IsNullOrEmpty(exception) ? "" : $" {exception}";
        var text = $"{message}{error}".ReplaceLineEndings(" | ");
        Line($"[{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'}]{kind}{id} {text}");
    }
}
