namespace Serverless.Functions.AuditLog;

/// <summary>GET sessions/my-session-logs?after&amp;limit</summary>
public sealed class MySessionLogs(ILogStore log)
{
    [Function(nameof(MySessionLogs))]
    [Operation("My history, newest first.", "New entries don't move the pages behind a continuation.")]
    [Reads(typeof(PageStart), typeof(PageLimit))]
    [Answers<MySessionLogsBody>(200, "One page; `next` continues it.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/my-session-logs")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var page = await log.ReadAsync(
            LogOwner.Of(request.Token().UserId), PageStart.Read(request), PageLimit.Read(request), cancellationToken);
        return await request.ReplyAsync(MySessionLogsBody.Of(page), WireJson.Default.MySessionLogsBody);
    }
}

internal sealed record MySessionLogsBody(
    IReadOnlyList<LogEntryBody> Logs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Send it as `after`; absent on the last page.")] string? Next)
{
    public static MySessionLogsBody Of(LogPage page) => new([.. page.Entries.Select(LogEntryBody.Of)], page.Next?.ToString());
}

[Description("One thing that happened to a user's sessions.")]
internal sealed record LogEntryBody(
    [RegularExpression(Pattern.Id)] string Id,
    [NamesOf(typeof(LogAction), IsOpen = true), Description("What happened.")] string Action,
    [RegularExpression(Pattern.Id), Description("Null where it concerned none, such as a failed login.")] string? SessionId,
    string? Device,
    string? UserAgent,
    [Description("Null where nobody asked for it, such as an expiry.")] string? IpAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RegularExpression(Pattern.UserId), Description("The user id of the administrator who did it; absent where none did.")]
    string? Administrator,
    bool Success,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Who or why; absent where there is nothing to tell.")] string? Error,
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
