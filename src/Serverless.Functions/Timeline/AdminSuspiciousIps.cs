namespace Serverless.Functions.Timeline;

public sealed class AdminSuspiciousIps(ISuspiciousIpStore store, TimeProvider clock, ILogger<AdminSuspiciousIps> log)
{
    [Function("ListSuspiciousIps")]
    [Operation("Lists flagged addresses with their evidence, newest first.")]
    [Answers(200, "The flags that haven't expired.", typeof(SuspiciousIpsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "suspicious-ips")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var flags = await store.ListAsync(cancellationToken).Where(flag => flag.ExpiresAt > now)
            .OrderByDescending(flag => flag.Evidence.LastAt)
            .Select(flag => new SuspiciousIpBody(
                flag.AddressGroup, (int)flag.Evidence.Window.TotalMinutes, flag.Evidence.Count, flag.Evidence.Failures,
                flag.Evidence.DistinctAccounts, flag.Evidence.FirstAt, flag.Evidence.LastAt, flag.ExpiresAt,
                flag.Acknowledged?.At, flag.Acknowledged?.By.ToString()))
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(new SuspiciousIpsBody(flags), WireJson.Default.SuspiciousIpsBody);
    }

    [Function("AcknowledgeSuspiciousIp")]
    [Operation("Records that an administrator has seen a flag.")]
    [Answers(204, "Recorded.")]
    public async Task<HttpResponseData> AcknowledgeAsync(
        [HttpTrigger(Anonymous, "post", Route = AdminRoutes.Prefix + "suspicious-ips/{address}/acknowledge")]
        HttpRequestData request,
        [Description("The address, as in the flag.")] string address, CancellationToken cancellationToken)
    {
        var administrator = request.Session().UserId;
        // Only what can be a flagged address may become part of a key.
        var isFlagged = IpAddressGroup.IsGroup(address)
            && await store.TryAcknowledgeAsync(address, new(administrator, clock.GetUtcNow()), cancellationToken);
        if (!isFlagged)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "This address is not flagged."));
        log.FlagAcknowledged(administrator.ToString(), MaskedAddress.Of(address));
        return request.Empty(HttpStatusCode.NoContent);
    }
}

internal sealed record SuspiciousIpsBody(IReadOnlyList<SuspiciousIpBody> SuspiciousIps);

[Description("A flagged address with its evidence.")]
internal sealed record SuspiciousIpBody(
    [Description("An IPv4 address, or the first four hextets of an IPv6 one.")] string Address,
    [Range(1, int.MaxValue), Description("Length of the window in minutes.")] int WindowMinutes,
    [Range(1, int.MaxValue), Description("Login attempts in the window.")] int Count,
    [Description("Failed attempts in the window.")] int Failures,
    [Description("Distinct emails that were tried.")] int DistinctAccounts,
    [Description("The first attempt in the window.")] DateTimeOffset FirstAt,
    [Description("The last attempt in the window.")] DateTimeOffset LastAt,
    [Description("When the flag expires unless there are more attempts.")] DateTimeOffset ExpiresAt,
    [Description("Null until an administrator acknowledges it.")] DateTimeOffset? AcknowledgedAt,
    [RegularExpression(Pattern.UserId), Description("The administrator's user id, or null.")] string? AcknowledgedBy);
