using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Presence;

namespace Serverless.Functions.Presence;

/// <summary>GET presence?users</summary>
public sealed class WhoIsOnline(ReadPresence readPresence, Callers callers, RateLimits rateLimits)
{
    [Function(nameof(WhoIsOnline))]
    [Operation(
        "Which of up to 50 users are online.",
        "A user who doesn't exist looks like one without a session. The answer may be 2.5 seconds old (half of `Presence__HeartbeatInterval`, "
        + "5 seconds at most).")]
    [Query("users", "1 to 50 user ids, separated by commas.", Required = true)]
    [Answers<PresenceBody>(200, "Each user once, in the order of the request.")]
    [Refuses(nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "presence")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, _, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        var users = ReadUsers(request.QueryField("users", ref problem), ref problem);
        if (token is not null)
            problem ??= rateLimits.CountPresences(token.UserId, users.Count);
        if (token is null || problem is not null)
            return await request.ReplyAsync(problem!);
        var presences = await readPresence.ExecuteAsync(users, cancellationToken);
        return await request.ReplyAsync(
            new PresenceBody([.. presences.Select(UserPresenceBody.Of)]), WireJson.Default.PresenceBody);
    }

    private static List<UserId> ReadUsers(string? text, ref Problem? problem)
    {
        var users = new List<UserId>();
        if (string.IsNullOrEmpty(text))
        {
            problem ??= Problem.InvalidField("users", "is missing.");
            return users;
        }

        foreach (var part in text.Split(',', ReadPresence.MaximumUsers + 1))
        {
            if (users.Count == ReadPresence.MaximumUsers)
                problem ??= Problem.InvalidField("users", $"has at most {ReadPresence.MaximumUsers} ids.");
            else if (UserId.TryParse(part, out var user))
                users.Add(user);
            else
                problem ??= Problem.InvalidField("users", "must be user ids separated by commas.");
        }

        return [.. users.Distinct()];
    }
}

internal sealed record PresenceBody(IReadOnlyList<UserPresenceBody> Users);

internal sealed record UserPresenceBody(
    [RegularExpression(Pattern.UserId)] string Id,
    bool Online,
    [Description("The last heartbeat of any session, or its login; null where there is no session.")] DateTimeOffset? LastSeenAt)
{
    public static UserPresenceBody Of(UserPresence presence) => new(presence.User.ToString(), presence.Online, presence.LastSeenAt);
}
