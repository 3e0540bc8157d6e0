using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.AuditLog;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/my-session-logs?after&amp;limit</summary>
public sealed class MySessionLogs(ILogStore log, Callers callers)
{
    /// <summary>The function.</summary>
    [Function(nameof(MySessionLogs))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/my-session-logs")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, _, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        var after = PageStart.Read(request, ref problem);
        var limit = PageLimit.Read(request, ref problem);
        if (token is null || problem is not null)
            return await request.ReplyAsync(problem!);
        var page = await log.ReadAsync(LogOwner.Of(token.UserId), after, limit, cancellationToken);
        return await request.ReplyAsync(MySessionLogsBody.Of(page), WireJson.Default.MySessionLogsBody);
    }
}

/// <summary>What my-session-logs answers.</summary>
internal sealed record MySessionLogsBody(
    IReadOnlyList<LogEntryBody> Logs,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    string? Next)
{
    public static MySessionLogsBody Of(LogPage page) => new([.. page.Entries.Select(LogEntryBody.Of)], page.Next?.ToString());
}

/// <summary>A log entry on the wire.</summary>
internal sealed record LogEntryBody(
    string Id,
    string Action,
    string? SessionId,
    string? Device,
    string? UserAgent,
    string? IpAddress,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    string? Administrator,
    bool Success,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    string? Error,
    DateTimeOffset CreatedAt)
{
    public static LogEntryBody Of(LogEntry entry) => new(
        entry.Id.ToString("N"),
        entry.Action.Name,
        entry.SessionId?.ToString(),
        entry.Client?.Device,
        entry.Client?.UserAgent,
        entry.Client?.IpAddress,
        entry.Administrator?.ToString(),
        entry.Success,
        entry.Error,
        entry.At);
}
