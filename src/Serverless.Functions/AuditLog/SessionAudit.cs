namespace Serverless.Functions.AuditLog;

public sealed class SessionAudit(ReadAudit readAudit, ReadAudits readAudits, FindAccount findAccount, ILogger<SessionAudit> log)
{
    [Function("AuditSessionOfAccount")]
    [Operation("Returns a session's history and verifies its audit chain.",
        "The verdict covers the whole history, whichever page is requested. The history outlives the session.")]
    [Reads(typeof(PageStart), typeof(PageLimit))]
    [Answers(200, "The verdict, and a page of the history, newest first.", typeof(SessionAuditBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts/{userId}/sessions/{id}/audit")]
        HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, [RegularExpression(Pattern.Id)] string id,
        CancellationToken cancellationToken)
    {
        var (after, limit) = (PageStart.Read(request), PageLimit.Read(request));
        var report = UserId.TryParse(userId, out var user) && SessionId.TryParse(id, out var session)
            ? await readAudit.ExecuteAsync(user, session, cancellationToken) : null;
        if (report is null)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "There is no such session."));
        var broken = BreakOf(userId, id, report.Verdict);
        var rest = report.Entries
            .SkipWhile(entry => after is { } position && entry.At >= position.At && LogPosition.After(entry) != position)
            .SkipWhile(entry => LogPosition.After(entry) == after).ToList();
        var body = new SessionAuditBody(
            broken is null, broken, report.First, report.Entries.Count,
            [.. rest.Take(limit).Select(entry => new AuditedEntryBody(entry.Link?.Sequence, LogEntryBody.Of(entry)))],
            rest.Count > limit ? LogPosition.After(rest[limit - 1]).ToString() : null);
        return await request.ReplyAsync(body, WireJson.Default.SessionAuditBody);
    }

    [Function("AuditAccount")]
    [Operation("Verifies the audit chains of a user's sessions.",
        "The newest 100 sessions that the user's log has, in its newest 5000 entries, and those without an entry.")]
    [Answers(200, "The verdicts, newest session first.", typeof(AccountAuditBody))]
    public async Task<HttpResponseData> RunAllAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts/{userId}/audit")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var account = await findAccount.FindAsync(userId, cancellationToken);
        var audit = await readAudits.ExecuteAsync(account.Id, cancellationToken);
        var body = new AccountAuditBody(
            [.. audit.Sessions.Select(each => VerdictOf(userId, each))], audit.IsComplete);
        return await request.ReplyAsync(body, WireJson.Default.AccountAuditBody);
    }

    private SessionVerdictBody VerdictOf(string userId, AuditedSession audited)
    {
        var broken = BreakOf(userId, $"{audited.Id}", audited.Verdict);
        return new($"{audited.Id}", broken is null, broken, audited.Count);
    }

    private AuditBreakBody? BreakOf(string userId, string id, AuditVerdict verdict)
    {
        if (verdict is not { Break: { } kind })
            return null;
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}");
        // A session that predates chains is no cause for alarm.
        if (kind != AuditBreak.NotChained)
            log.AuditBroken(id, userId, name);
        return new(name, verdict.Sequence, verdict.EntryId?.ToString("N"));
    }
}

internal sealed record AccountAuditBody(
    IReadOnlyList<SessionVerdictBody> Sessions,
    [Description("Whether these are all sessions, and the whole of the log was read.")] bool Complete);

internal sealed record SessionVerdictBody(
    [RegularExpression(Pattern.Id)] string SessionId,
    [Description("Whether every entry is present and unchanged.")] bool Intact,
    [property: JsonIgnore(Condition = WhenWritingNull)] AuditBreakBody? Break,
    [Description("Number of entries in the history.")] int Count);

internal sealed record SessionAuditBody(
    [Description("Whether every entry is present and unchanged.")] bool Intact,
    [property: JsonIgnore(Condition = WhenWritingNull)] AuditBreakBody? Break,
    [Description("The sequence number of the first entry: 1, or higher if retention removed earlier ones.")] int First,
    [Description("Number of entries in the history.")] int Count,
    IReadOnlyList<AuditedEntryBody> Logs,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The `after` of the next page; absent on the last.")] string? Next);

[Description("The first break of the audit chain; absent if it is intact.")]
internal sealed record AuditBreakBody(
    [NamesOf(typeof(AuditBreak))] string Kind,
    [Description("The sequence number; null for an entry without one.")] int? Sequence,
    [RegularExpression(Pattern.Id), Description("The entry at fault; null if one is missing.")] string? EntryId);

[Description("A log entry with its sequence number in the session's history.")]
internal sealed record AuditedEntryBody(
    [Description("The login is 1. Null for entries about the account.")] int? Sequence, LogEntryBody Entry);
