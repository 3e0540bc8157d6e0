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

    /// <summary>The function.</summary>
    [Function(nameof(Revocations))]
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
