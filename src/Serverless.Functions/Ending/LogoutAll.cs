namespace Serverless.Functions.Ending;

public sealed class LogoutAll(EndAllSessions endAllSessions, Callers callers)
{
    [Function(nameof(LogoutAll))]
    [Operation("Ends all my sessions.")]
    [Query("others", "Whether to keep this session; true if sent without a value.", Type = typeof(bool), Default = false)]
    [Answers(204, "Ended.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/logout-all")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var session = request.Session();
        await endAllSessions.ExecuteAsync(
            session.UserId, session.Email, EndReason.LogoutAll, request.QueryFlag("others") ? session.Id : null,
            Actor.Of(callers.ClientOf(request)), cancellationToken);
        return request.Empty(HttpStatusCode.NoContent);
    }
}
