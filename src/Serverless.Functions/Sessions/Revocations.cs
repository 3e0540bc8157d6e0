using System.Globalization;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Ending;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/revocations?since: the sessions whose access tokens are void though they have not expired, as a signed JWT.</summary>
public sealed class Revocations(ReadRevocations readRevocations, IOptions<FeedOptions> options)
{
    // The last second of the year 9999.
    private const long LastSecond = 253_402_300_799;

    [Function(nameof(Revocations))]
    [Operation(
        "The sessions that ended within 65 minutes, the longest that an access token of theirs may still be accepted.",
        "404 where the setting `Feed__Public` is off. The ETag is that of the list, not of the signature.",
        Access = Access.Anyone)]
    [Query(
        "since",
        "Unix seconds, in steps of a minute: leaves out what was known at that time. Send the `iat` of the last answer.",
        Type = typeof(long),
        Maximum = LastSecond)]
    [Answers(
        200,
        "The feed as a JWT, signed with the same keys as access tokens.",
        Caching = Caching.Public,
        ContentType = "application/jwt",
        Schema = "RevocationFeed")]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/revocations")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        if (!options.Value.Public)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "The revocation feed is closed."));

        Problem? problem = null;
        var text = request.QueryField("since", ref problem);
        if ((!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LastSecond) && text is not null)
            problem ??= Problem.InvalidField("since", "must be a time in Unix seconds.");
        if (problem is not null)
            return await request.ReplyAsync(problem);

        DateTimeOffset? since = text is null ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
        var feed = await readRevocations.ExecuteAsync(since, cancellationToken);
        return await request.ReplyCacheableAsync(
            Encoding.ASCII.GetBytes(feed.Token), "application/jwt", CacheableReplies.TagOf(feed.Sessions.Span), options.Value.CacheLifetime);
    }
}
