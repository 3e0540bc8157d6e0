namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/my-sessions. The list itself shows whether the caller's session is active, which saves a read.</summary>
public sealed class MySessions(ListSessions listSessions, Callers callers, IOptions<PresenceOptions> presence, TimeProvider clock)
{
    [Function(nameof(MySessions))]
    [Operation("Lists my sessions, the most recently used first.", Access = Access.AccessToken)]
    [Answers(200, "My sessions; the one of this request is marked.", typeof(MySessionsBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/my-sessions")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var token = request.Token();
        var listed = await listSessions.ExecuteAsync(token.UserId, cancellationToken);
        if (listed.All(each => each.Stored.Session.Id != token.SessionId))
            await callers.CheckSessionAsync(token, cancellationToken);

        var now = clock.GetUtcNow();
        var body = new MySessionsBody(
            [.. listed.Select(each => SessionBody.Of(each, each.Stored.Session.Id == token.SessionId, presence.Value, now))]);
        return await request.ReplyAsync(body, WireJson.Default.MySessionsBody);
    }
}

internal sealed record MySessionsBody(IReadOnlyList<SessionBody> Sessions);
