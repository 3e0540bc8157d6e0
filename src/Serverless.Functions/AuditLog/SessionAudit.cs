namespace Serverless.Functions.AuditLog;

public sealed class SessionAudit(AuditSession auditSession, AuditUser auditUser, FindAccount findAccount, ILogger<SessionAudit> log)
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
            ? await auditSession.ExecuteAsync(user, session, cancellationToken) : null;
        if (report is null)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "There is no such session."));
        Report(userId, [(id, report.Verdict)]);
        var rest = report.Entries
            .SkipWhile(entry => after is { } position && entry.At >= position.At && LogPosition.After(entry) != position)
            .SkipWhile(entry => LogPosition.After(entry) == after).ToList();
        var body = new SessionAuditBody(
            report.Verdict.Break is null, AuditBreakBody.Of(report.Verdict), report.First, report.Entries.Count,
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
        var audit = await auditUser.ExecuteAsync(account.Id, cancellationToken);
        Report(userId, [.. audit.Sessions.Select(each => ($"{each.Id}", each.Verdict))]);
        var body = new AccountAuditBody([.. audit.Sessions.Select(SessionVerdictBody.Of)], audit.IsComplete);
        return await request.ReplyAsync(body, WireJson.Default.AccountAuditBody);
    }

    // At most one event of each kind for a request, however many sessions it is about.
    private void Report(string userId, IReadOnlyList<(string Id, AuditVerdict Verdict)> audited)
    {
        if (audited.Where(each => each.Verdict.IsAltered).ToList() is [var first, ..] altered)
            log.AuditBroken(first.Id, userId, AuditBreakBody.Of(first.Verdict)!.Kind, altered.Count);
        if (audited.Where(each => each.Verdict.Break == AuditBreak.KeyUnknown).ToList() is [var other, ..] unknown)
            log.AuditKeyUnknown(other.Id, userId, unknown.Count);
    }
}

internal sealed record AccountAuditBody(
    IReadOnlyList<SessionVerdictBody> Sessions,
    [Description("Whether these are all sessions, and the whole of the log was read.")] bool Complete);

internal sealed record SessionVerdictBody(
    [RegularExpression(Pattern.Id)] string SessionId,
    [Description("Whether every entry is present and unchanged.")] bool Intact,
    [property: JsonIgnore(Condition = WhenWritingNull)] AuditBreakBody? Break,
    [Description("Number of entries in the history.")] int Count)
{
    public static SessionVerdictBody Of(AuditedSession audited) =>
        new($"{audited.Id}", audited.Verdict.Break is null, AuditBreakBody.Of(audited.Verdict), audited.Count);
}

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
    [RegularExpression(Pattern.Id), Description("The entry at fault; null if one is missing.")] string? EntryId)
{
    public static AuditBreakBody? Of(AuditVerdict verdict) => verdict.Break is not { } kind ? null
        : new(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}"), verdict.Sequence, verdict.EntryId?.ToString("N"));
}

[Description("A log entry with its sequence number in the session's history.")]
internal sealed record AuditedEntryBody(
    [Description("The login is 1. Null for entries about the account.")] int? Sequence, LogEntryBody Entry);
