using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Timeline;

namespace Serverless.Functions.Admin;

/// <summary>GET admin/security/events?after&amp;limit&amp;kind&amp;delivery</summary>
public sealed class AdminSecurityEvents(ISecurityEventStore store, Callers callers)
{
    /// <summary>The function.</summary>
    [Function("ListSecurityEvents")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "security/events")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        var list = ListOf(request.QueryField("kind", ref problem), request.QueryField("delivery", ref problem), ref problem);
        var after = PageStart.Read(request, ref problem);
        var limit = PageLimit.Read(request, ref problem);
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var page = await store.ListAsync(list, after, limit, cancellationToken);
        var body = new SecurityEventsBody([.. page.Events.Select(SecurityEventBody.Of)], page.Next?.ToString());
        return await request.ReplyAsync(body, WireJson.Default.SecurityEventsBody);
    }

    // Each list is one range of rows; there is none of the dead letters of one kind.
    private static SecurityEventList ListOf(string? kind, string? delivery, ref Problem? problem)
    {
        if (kind is not null && SecurityEventKind.Find(kind) is null)
            problem ??= Problem.InvalidField("kind", $"must be one of {string.Join(", ", SecurityEventKind.All)}.");
        if (delivery is not null && delivery != SecurityEventBody.NameOf(DeliveryState.DeadLetter))
            problem ??= Problem.InvalidField("delivery", "can only be dead_letter.");
        if (kind is not null && delivery is not null)
            problem ??= Problem.InvalidField("delivery", "can't be sent together with kind.");
        return new(SecurityEventKind.Find(kind), DeadLetters: delivery is not null);
    }
}

/// <summary>A page of security events on the wire.</summary>
internal sealed record SecurityEventsBody(
    IReadOnlyList<SecurityEventBody> Events,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A security event on the wire.</summary>
internal sealed record SecurityEventBody(
    string Id,
    string Kind,
    DateTimeOffset At,
    string? UserId,
    string? SessionId,
    string Address,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SecurityEvidenceBody? Evidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Delivery)
{
    public static SecurityEventBody Of(SecurityEvent each) => new(
        each.Id.ToString("N"),
        each.Kind.Name,
        each.At,
        each.UserId?.ToString(),
        each.SessionId?.ToString(),
        each.AddressGroup,
        each.Evidence is { } evidence ? SecurityEvidenceBody.Of(evidence) : null,
        each.Delivery is { } delivery ? NameOf(delivery) : null);

    public static string NameOf(DeliveryState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

/// <summary>What was counted, on the wire.</summary>
internal sealed record SecurityEvidenceBody(
    int WindowMinutes,
    int Count,
    int Failures,
    int DistinctAccounts,
    int DistinctAddresses,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt)
{
    public static SecurityEvidenceBody Of(SecurityEvidence evidence) => new(
        (int)evidence.Window.TotalMinutes,
        evidence.Count,
        evidence.Failures,
        evidence.DistinctAccounts,
        evidence.DistinctAddresses,
        evidence.FirstAt,
        evidence.LastAt);
}
