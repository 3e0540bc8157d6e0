namespace Serverless.Functions.Sessions;

/// <summary>The list itself shows whether the caller's session is active, which saves a read.</summary>
public sealed class MySessions(ListSessions listSessions, Callers callers, IOptions<PresenceOptions> presence, TimeProvider clock)
{
    [Function(nameof(MySessions))]
    [Operation("Lists my sessions, the most recently used first.", Access = Access.AccessToken)]
    [Answers(200, "My sessions; the one of this request is marked.", typeof(SessionsBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/my-sessions")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var token = request.Token();
        var listed = await listSessions.ExecuteAsync(token.UserId, cancellationToken);
        if (listed.All(each => each.Stored.Session.Id != token.SessionId))
            await callers.CheckSessionAsync(token, cancellationToken);

        var body = SessionsBody.Of(listed, token.SessionId, presence.Value, clock.GetUtcNow());
        return await request.ReplyAsync(body, WireJson.Default.SessionsBody);
    }
}

internal sealed record SessionsBody(IReadOnlyList<SessionBody> Sessions)
{
    public static SessionsBody Of(
        IReadOnlyList<ListedSession> listed, SessionId current, PresenceOptions presence, DateTimeOffset now) => new(
    [
        .. from each in listed
           let session = each.Stored.Session
           let online = presence.IsOnline(each.LastSeenAt, now)
           select SessionBody.Of(session, session.Id == current) with { LastSeenAt = each.LastSeenAt, Online = online },
    ]);
}
