using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Http;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;

namespace Serverless.Functions.Admin;

/// <summary>GET admin/suspicious-ips, and POST .../{address}/acknowledge</summary>
public sealed class AdminSuspiciousIps(
    ISuspiciousIpStore store, Callers callers, TimeProvider clock, ILogger<AdminSuspiciousIps> log)
{
    /// <summary>GET: the flags that haven't expired, the newest first.</summary>
    [Function("ListSuspiciousIps")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "suspicious-ips")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var now = clock.GetUtcNow();
        var flags = await store.ListAsync(cancellationToken)
            .Where(flag => flag.ExpiresAt > now)
            .OrderByDescending(flag => flag.LastAt)
            .Select(SuspiciousIpBody.Of)
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(new SuspiciousIpsBody(flags), WireJson.Default.SuspiciousIpsBody);
    }

    /// <summary>POST: notes that an administrator has seen a flag.</summary>
    [Function("AcknowledgeSuspiciousIp")]
    public async Task<HttpResponseData> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AdminRoutes.Prefix + "suspicious-ips/{address}/acknowledge")]
        HttpRequestData request,
        string address,
        CancellationToken cancellationToken)
    {
        var (administrator, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        if (administrator is null)
            return await request.ReplyAsync(problem!);
        // Only what can be a flagged address gets into a key.
        if (!IpAddressGroup.IsGroup(address) || !await store.TryAcknowledgeAsync(
            address, new(administrator.UserId, clock.GetUtcNow()), cancellationToken))
        {
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "This address has no flag."));
        }

        log.FlagAcknowledged(administrator.UserId.ToString(), MaskedAddress.Of(address));
        return request.Empty(HttpStatusCode.NoContent);
    }
}

/// <summary>The flags on the wire.</summary>
internal sealed record SuspiciousIpsBody(IReadOnlyList<SuspiciousIpBody> SuspiciousIps);

/// <summary>A flag on the wire; it explains itself.</summary>
internal sealed record SuspiciousIpBody(
    string Address,
    int WindowMinutes,
    int Count,
    int Failures,
    int DistinctAccounts,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy)
{
    public static SuspiciousIpBody Of(SuspiciousIp flag) => new(
        flag.AddressGroup,
        (int)flag.Window.TotalMinutes,
        flag.Count,
        flag.Failures,
        flag.DistinctAccounts,
        flag.FirstAt,
        flag.LastAt,
        flag.ExpiresAt,
        flag.Acknowledged?.At,
        flag.Acknowledged?.By.ToString());
}
