using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Ending;

namespace Serverless.Functions.Sessions;

/// <summary>POST sessions/logout-all, with ?others=true all but this one</summary>
public sealed class LogoutAll(EndAllSessions endAllSessions, Callers callers)
{
    [Function(nameof(LogoutAll))]
    [Operation("Ends all my sessions.")]
    [Query("others", "Whether this session stays; without a value it does.", Type = typeof(bool))]
    [Answers(204, "They are over.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sessions/logout-all")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, session, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        var others = request.QueryFlag("others", ref problem);
        if (session is null || problem is not null)
            return await request.ReplyAsync(problem!);

        await endAllSessions.ExecuteAsync(
            session.UserId,
            session.Email,
            EndReason.LogoutAll,
            others ? session.Id : null,
            Actor.Of(callers.ClientOf(request)),
            cancellationToken);
        return request.Empty(HttpStatusCode.NoContent);
    }
}
