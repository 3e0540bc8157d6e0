namespace Serverless.Functions.AuditLog;

/// <summary>GET admin/accounts/{userId}/sessions/{id}/audit?after&amp;limit</summary>
public sealed class SessionAudit(ReadAudit readAudit, ILogger<SessionAudit> log)
{
    [Function("AuditSessionOfAccount")]
    [Operation(
        "The history of one session, and whether it is as it was written.",
        "The verdict covers the whole history, whichever page is asked for. The history outlives the session.")]
    [Reads(typeof(PageStart), typeof(PageLimit))]
    [Answers<SessionAuditBody>(200, "The verdict, and a page of the history, newest first.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts/{userId}/sessions/{id}/audit")]
        HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId,
        [RegularExpression(Pattern.Id)] string id,
        CancellationToken cancellationToken)
    {
        var (after, limit) = (PageStart.Read(request), PageLimit.Read(request));
        var report = UserId.TryParse(userId, out var user) && SessionId.TryParse(id, out var session)
            ? await readAudit.ExecuteAsync(user, session, cancellationToken)
            : null;
        if (report is null)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "There is no such session."));
        // A session of before there were chains is no alarm.
        if (report.Verdict.Break is { } broken && broken != AuditBreak.NotChained)
            log.AuditBroken(id, userId, broken.Name);
        return await request.ReplyAsync(SessionAuditBody.Of(report, after, limit), WireJson.Default.SessionAuditBody);
    }
}

/// <summary>What the audit of a session answers: the verdict over all its history, and a page of it.</summary>
internal sealed record SessionAuditBody(
    [Description("Whether every entry is there and as it was written.")] bool Intact,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditBreakBody? Break,
    [Description("The place of its first entry: 1, or more where retention has removed earlier ones.")] int First,
    [Description("How many entries the history has.")] int Count,
    IReadOnlyList<AuditedEntryBody> Logs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Send it as `after`; absent on the last page.")] string? Next)
{
    public static SessionAuditBody Of(AuditReport report, LogPosition? after, int limit)
    {
        var rest = report.Entries
            .SkipWhile(entry => after is { } position && entry.At >= position.At && LogPosition.After(entry) != position)
            .SkipWhile(entry => LogPosition.After(entry) == after)
            .ToList();
        return new(
            report.Verdict.Break is null,
            AuditBreakBody.Of(report.Verdict),
            report.First,
            report.Entries.Count,
            [.. rest.Take(limit).Select(AuditedEntryBody.Of)],
            rest.Count > limit ? LogPosition.After(rest[limit - 1]).ToString() : null);
    }
}

[Description("The first place where the history is not as it was written; absent where it is intact.")]
internal sealed record AuditBreakBody(
    [NamesOf(typeof(AuditBreak))] string Kind,
    [Description("The place in the history; null for an entry that has none.")] int? Sequence,
    [RegularExpression(Pattern.Id), Description("The entry that is wrong; null where one is missing.")] string? EntryId)
{
    public static AuditBreakBody? Of(AuditVerdict verdict) =>
        verdict.Break is { } kind ? new(kind.Name, verdict.Sequence, verdict.EntryId?.ToString("N")) : null;
}

[Description("A log entry with its place in the history of its session.")]
internal sealed record AuditedEntryBody(
    [Description("The login is 1. Null for what is on record about the account.")] int? Sequence, LogEntryBody Entry)
{
    public static AuditedEntryBody Of(LogEntry entry) => new(entry.Link?.Sequence, LogEntryBody.Of(entry));
}
