using System.Text;

namespace Serverless.Functions.Ending;

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
            throw new ProblemException(ProblemCode.NotFound, "The revocation feed is closed.");
        var feed = await readRevocations.ExecuteAsync(ReadSince(request), cancellationToken);
        return await request.ReplyCacheableAsync(
            Encoding.ASCII.GetBytes(feed.Token), "application/jwt", CacheableReplies.TagOf(feed.Sessions.Span), options.Value.CacheLifetime);
    }

    private static DateTimeOffset? ReadSince(HttpRequestData request) =>
        request.QueryField("since") is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : throw ProblemException.InvalidField("since", "must be a time in Unix seconds.");
}
