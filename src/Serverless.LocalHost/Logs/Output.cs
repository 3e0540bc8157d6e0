namespace Serverless.LocalHost.Logs;

/// <summary>Prints logs to standard output, one per line.</summary>
internal static class Output
{
    /// <param name="eventId">As the worker sends it: the event's name if it has one, otherwise its number.</param>
    internal static void Log(LogLevel level, string message, string eventId = "", string? exception = null)
    {
        var label = level >= LogLevel.Warning ? $" {level}" : "";
        var id = eventId is "" or "0" ? "" : $" [{eventId}]";
        var text = (string.IsNullOrEmpty(exception) ? message : $"{message} {exception}").ReplaceLineEndings(" | ");
        Console.WriteLine($"[{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'}]{label}{id} {text}");
    }
}
