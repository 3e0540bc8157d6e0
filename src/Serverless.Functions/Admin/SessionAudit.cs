using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Http;
using Serverless.Functions.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Sessions;

namespace Serverless.Functions.Admin;

/// <summary>GET admin/accounts/{userId}/sessions/{id}/audit?after&amp;limit</summary>
public sealed class SessionAudit(ReadAudit readAudit, Callers callers, ILogger<SessionAudit> log)
{
    /// <summary>The function.</summary>
    [Function("AuditSessionOfAccount")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts/{userId}/sessions/{id}/audit")]
        HttpRequestData request,
        string userId,
        string id,
        CancellationToken cancellationToken)
    {
        var (administrator, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        var after = PageStart.Read(request, ref problem);
        var limit = PageLimit.Read(request, ref problem);
        if (administrator is null || problem is not null)
            return await request.ReplyAsync(problem!);
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
    bool Intact,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditBreakBody? Break,
    int First,
    int Count,
    IReadOnlyList<AuditedEntryBody> Logs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next)
{
    public static SessionAuditBody Of(AuditReport report, LogPosition? after, int limit)
    {
        var rest = report.Entries
            .SkipWhile(entry => after is { } position && entry.At >= position.At && LogPosition.Behind(entry) != position)
            .SkipWhile(entry => LogPosition.Behind(entry) == after)
            .ToList();
        return new(
            report.Verdict.Break is null,
            AuditBreakBody.Of(report.Verdict),
            report.First,
            report.Entries.Count,
            [.. rest.Take(limit).Select(AuditedEntryBody.Of)],
            rest.Count > limit ? LogPosition.Behind(rest[limit - 1]).ToString() : null);
    }
}

/// <summary>Where a history isn't as it was written.</summary>
internal sealed record AuditBreakBody(string Kind, int? Sequence, string? EntryId)
{
    public static AuditBreakBody? Of(AuditVerdict verdict) =>
        verdict.Break is { } kind ? new(kind.Name, verdict.Sequence, verdict.EntryId?.ToString("N")) : null;
}

/// <summary>A log entry with its place in the history; null for what is on record about the account.</summary>
internal sealed record AuditedEntryBody(int? Sequence, LogEntryBody Entry)
{
    public static AuditedEntryBody Of(LogEntry entry) => new(entry.Link?.Sequence, LogEntryBody.Of(entry));
}
