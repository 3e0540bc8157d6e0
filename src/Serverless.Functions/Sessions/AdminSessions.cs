namespace Serverless.Functions.Sessions;

public sealed class AdminSessions(
    ListSessions listSessions, EndSession endSession, EndAllSessions endAllSessions, FindAccount findAccount,
    IOptions<PresenceOptions> presence, TimeProvider clock)
{
    private const string Route = AdminRoutes.Prefix + "accounts/{userId}/sessions";

    [Function("ListSessionsOfAccount")]
    [Operation("Lists the sessions of a user.")]
    [Answers(200, "The sessions, the most recently used first.", typeof(SessionsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var account = await findAccount.FindAsync(userId, cancellationToken);
        var listed = await listSessions.ExecuteAsync(account.Id, cancellationToken);
        var body = SessionsBody.Of(listed, request.Session().Id, presence.Value, clock.GetUtcNow());
        return await request.ReplyAsync(body, WireJson.Default.SessionsBody);
    }

    [Function("EndSessionsOfAccount")]
    [Operation("Ends all sessions of a user.")]
    [Answers(204, "Ended.")]
    public async Task<HttpResponseData> EndAllAsync(
        [HttpTrigger(Anonymous, "delete", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var account = await findAccount.FindAsync(userId, cancellationToken);
        await endAllSessions.ExecuteAsync(
            account.Id, account.Email, EndReason.Admin, except: null, Actor.Of(request.Session().UserId), cancellationToken);
        return request.Empty(HttpStatusCode.NoContent);
    }

    [Function("EndSessionOfAccount")]
    [Operation("Ends one session of a user.")]
    [Answers(204, "The session has ended, now or earlier.")]
    public async Task<HttpResponseData> EndOneAsync(
        [HttpTrigger(Anonymous, "delete", Route = Route + "/{id}")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, [RegularExpression(Pattern.Id)] string id,
        CancellationToken cancellationToken)
    {
        var result = UserId.TryParse(userId, out var user) && SessionId.TryParse(id, out var session)
            ? await endSession.ExecuteAsync(user, session, EndReason.Admin, Actor.Of(request.Session().UserId), cancellationToken)
            : new EndSessionResult.NotFound();
        return result is not EndSessionResult.NotFound ? request.Empty(HttpStatusCode.NoContent)
            : throw new ProblemException(ProblemCode.NotFound, "There is no such account or session.");
    }
}
