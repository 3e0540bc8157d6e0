namespace Serverless.Functions.AuditLog;

public sealed class MySessionLogs(ILogStore log)
{
    [Function(nameof(MySessionLogs))]
    [Operation("Lists my history, newest first.", "New entries don't shift the pages after a `next`.")]
    [Reads(typeof(PageStart), typeof(PageLimit))]
    [Answers(200, "One page; `next` continues it.", typeof(LogPageBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/my-session-logs")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var page = await log.ReadAsync(
            LogOwner.Of(request.Token().UserId), PageStart.Read(request), PageLimit.Read(request), cancellationToken);
        return await request.ReplyAsync(LogPageBody.Of(page), WireJson.Default.LogPageBody);
    }
}

internal sealed record LogPageBody(
    IReadOnlyList<LogEntryBody> Logs,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The `after` of the next page; absent on the last.")] string? Next)
{
    public static LogPageBody Of(LogPage page) => new([.. page.Entries.Select(LogEntryBody.Of)], page.Next?.ToString());
}

[Description("An entry of a user's log.")]
internal sealed record LogEntryBody(
    [RegularExpression(Pattern.Id)] string Id,
    [NamesOf(typeof(LogAction), IsOpen = true), Description("What happened.")] string Action,
    [RegularExpression(Pattern.Id), Description("Null if there is none, such as for a failed login.")] string? SessionId,
    string? Device, string? UserAgent,
    [Description("Null without a request, such as for an expiry.")] string? IpAddress,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Where the address was; absent if unknown.")] LocationBody? Location,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.UserId), Description("The user id of the administrator who did it; absent if none did.")]
    string? Administrator,
    bool Success,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Why it failed or ended; absent otherwise.")] string? Error,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("How the user of a login or step-up proved who they are, as in the claim `amr`; absent otherwise.")]
    IReadOnlyList<string>? Amr,
    DateTimeOffset CreatedAt)
{
    public static LogEntryBody Of(LogEntry entry) => new(
        entry.Id.ToString("N"), entry.Action.Name, entry.SessionId?.ToString(),
        entry.Client?.Device, entry.Client?.UserAgent, entry.Client?.IpAddress, LocationBody.Of(entry.Client?.Location),
        entry.Administrator?.ToString(), entry.Success, entry.Error,
        entry.Methods == AuthenticationMethods.None ? null : entry.Methods.ToNames(), entry.At);
}
