namespace Serverless.Functions.AuditLog;

public sealed class AdminLogs(ILogStore logs, FindAccount findAccount)
{
    [Function("ListLogsOfAccount")]
    [Operation("Lists the history of a user, newest first.",
        "A page reads at most 999 entries. With `action` or `address` it may have few of them, or none, and a `next`.")]
    [Reads(typeof(PageStart), typeof(PageLimit), typeof(TimeRange))]
    [Query("action", "Only entries with this action.", NamesOf = typeof(LogAction))]
    [Query("address", "Only entries from this address, or from a group of them, as a flag has it.")]
    [Answers(200, "One page; `next` continues it.", typeof(LogPageBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts/{userId}/logs")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var (after, limit, (from, to)) = (PageStart.Read(request), PageLimit.Read(request), TimeRange.Read(request));
        var filter = new LogFilter(from, to, ReadAction(request), AddressFilter.Read(request.QueryField("address")));
        var account = await findAccount.FindAsync(userId, cancellationToken);
        var page = await logs.ReadAsync(LogOwner.Of(account.Id), filter, after, limit, cancellationToken);
        return await request.ReplyAsync(LogPageBody.Of(page), WireJson.Default.LogPageBody);
    }

    private static LogAction? ReadAction(HttpRequestData request) =>
        request.QueryField("action") is not { } text ? null
        : LogAction.Find(text) ?? throw ProblemException.InvalidField("action", $"must be one of {string.Join(", ", LogAction.All)}.");
}
