using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Presence;

namespace Serverless.Functions.Presence;

/// <summary>GET presence?users</summary>
public sealed class WhoIsOnline(ReadPresence readPresence, Callers callers, RateLimits rateLimits)
{
    /// <summary>The function.</summary>
    [Function(nameof(WhoIsOnline))]
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

/// <summary>What presence answers.</summary>
internal sealed record PresenceBody(IReadOnlyList<UserPresenceBody> Users);

/// <summary>Whether a user is there, on the wire.</summary>
internal sealed record UserPresenceBody(string Id, bool Online, DateTimeOffset? LastSeenAt)
{
    public static UserPresenceBody Of(UserPresence presence) => new(presence.User.ToString(), presence.Online, presence.LastSeenAt);
}
