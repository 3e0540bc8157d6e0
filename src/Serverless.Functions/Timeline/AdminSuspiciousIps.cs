namespace Serverless.Functions.Timeline;

public sealed class AdminSuspiciousIps(ISuspiciousIpStore store, TimeProvider clock, ILogger<AdminSuspiciousIps> log)
{
    [Function("ListSuspiciousIps")]
    [Operation("Lists flagged addresses with their evidence, the worst first.",
        "Those that nobody has acknowledged come first, then those with more failed attempts, then those with more attempts.")]
    [Answers(200, "The flags that haven't expired.", typeof(SuspiciousIpsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "suspicious-ips")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var flags = await store.ListAsync(cancellationToken).Where(flag => flag.ExpiresAt > now)
            .OrderBy(flag => flag.Acknowledged is not null)
            .ThenByDescending(flag => flag.Evidence.Failures).ThenByDescending(flag => flag.Evidence.Count)
            .ThenByDescending(flag => flag.Evidence.LastAt)
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
    public Task<HttpResponseData> AcknowledgeAsync(
        [HttpTrigger(Anonymous, "post", Route = AdminRoutes.Prefix + "suspicious-ips/{address}/acknowledge")]
        HttpRequestData request,
        [Description("The address, as in the flag.")] string address, CancellationToken cancellationToken) =>
        SetAsync(request, address, new(request.Session().UserId, clock.GetUtcNow()), log.FlagAcknowledged, cancellationToken);

    [Function("UnacknowledgeSuspiciousIp")]
    [Operation("Undoes the acknowledgement of a flag.")]
    [Answers(204, "The flag isn't acknowledged.")]
    public Task<HttpResponseData> UnacknowledgeAsync(
        [HttpTrigger(Anonymous, "delete", Route = AdminRoutes.Prefix + "suspicious-ips/{address}/acknowledge")]
        HttpRequestData request,
        [Description("The address, as in the flag.")] string address, CancellationToken cancellationToken) =>
        SetAsync(request, address, null, log.FlagUnacknowledged, cancellationToken);

    private async Task<HttpResponseData> SetAsync(
        HttpRequestData request, string address, Acknowledgement? acknowledgement,
        Action<string, string> report, CancellationToken cancellationToken)
    {
        // Only what can be a flagged address may become part of a key.
        if (!IpAddressGroup.IsGroup(address)
            || await store.TryAcknowledgeAsync(address, acknowledgement, cancellationToken) is not { } isNew)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "This address is not flagged."));
        if (isNew)
            report(request.Session().UserId.ToString(), MaskedAddress.Of(address));
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
