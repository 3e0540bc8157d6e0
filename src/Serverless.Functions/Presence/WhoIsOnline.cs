namespace Serverless.Functions.Presence;

public sealed class WhoIsOnline(ReadPresence readPresence, RateLimits rateLimits)
{
    [Function(nameof(WhoIsOnline))]
    [Operation("Tells which of up to 50 users are online.",
        "An unknown user looks like one without a session. The response may be 2.5 seconds old (half of `Presence__HeartbeatInterval`, "
        + "5 seconds at most).")]
    [Query("users", "1 to 50 user ids, separated by commas.", Required = true)]
    [Answers(200, "Each user once, in the order of the request.", typeof(PresenceBody))]
    [Refuses(nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "presence")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var users = UserIds.Read(request, "users") ?? throw ProblemException.InvalidField("users", "is missing.");
        rateLimits.LimitPresences(request.Token().UserId, users.Count);
        var presences = await readPresence.ExecuteAsync(users, cancellationToken);
        var body = new PresenceBody(
            [.. presences.Select(each => new UserPresenceBody(each.User.ToString(), each.Online, each.IsActive, each.LastSeenAt))]);
        return await request.ReplyAsync(body, WireJson.Default.PresenceBody);
    }
}

internal sealed record PresenceBody(IReadOnlyList<UserPresenceBody> Users);

internal sealed record UserPresenceBody(
    [RegularExpression(Pattern.UserId)] string Id, bool Online,
    [Description("Whether a user of such a session has just done something; never without `online`.")] bool IsActive,
    [Description("The last heartbeat of any session, or its login; null without a session.")] DateTimeOffset? LastSeenAt);
