using System.Text;

namespace Serverless.Functions.Ending;

public sealed class Revocations(ReadRevocations readRevocations, IOptions<FeedOptions> options)
{
    // The last second of the year 9999.
    private const long LastSecond = 253_402_300_799;

    [Function(nameof(Revocations))]
    [Operation(
        "Returns the sessions whose access tokens were revoked within 65 minutes, the longest that one may still be accepted.",
        "404 if `Feed__Public` is false. The ETag covers the list, not the signature.", Access = Access.Anyone)]
    [Query("since",
        "Unix seconds, rounded down to the minute: omits what was known at that time. Send the `iat` of the last response.",
        Type = typeof(long), Maximum = LastSecond)]
    [Answers(200, "The feed as a JWT, signed with the same keys as access tokens.",
        Caching = Caching.Public, ContentType = "application/jwt", Schema = "RevocationFeed")]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/revocations")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        if (!options.Value.Public)
            throw new ProblemException(ProblemCode.NotFound, "The revocation feed is disabled.");
        var feed = await readRevocations.ExecuteAsync(ReadSince(request), cancellationToken);
        return await request.ReplyCacheableAsync(
            Encoding.ASCII.GetBytes(feed.Token), "application/jwt",
            CacheableReplies.TagOf(feed.Sessions.Span), options.Value.CacheLifetime);
    }

    private static DateTimeOffset? ReadSince(HttpRequestData request) =>
        request.QueryField("since") is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : throw ProblemException.InvalidField("since", "must be a time in Unix seconds.");
}
