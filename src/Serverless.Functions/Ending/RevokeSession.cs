namespace Serverless.Functions.Ending;

public sealed class RevokeSession(EndSession endSession, Callers callers)
{
    [Function(nameof(RevokeSession))]
    [Operation("Ends one of my sessions.")]
    [Answers(204, "The session has ended, now or earlier.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "delete", Route = "sessions/{id:regex(^[0-9a-f]{{32}}$)}")] HttpRequestData request,
        [RegularExpression(Pattern.Id)] string id, CancellationToken cancellationToken)
    {
        var result = SessionId.TryParse(id, out var session)
            ? await endSession.ExecuteAsync(
                request.Token().UserId, session, EndReason.Revoked, Actor.Of(callers.ClientOf(request)), cancellationToken)
            : new EndSessionResult.NotFound();
        return result is EndSessionResult.NotFound
            ? await request.ReplyAsync(new Problem(ProblemCode.NotFound, "You have no session with this id."))
            : request.Empty(HttpStatusCode.NoContent);
    }
}
