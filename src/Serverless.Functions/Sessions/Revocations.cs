using System.Globalization;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Revocations;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/revocations?since: the sessions that ended within the life of an access token, as a signed JWT.</summary>
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
        ArgumentNullException.ThrowIfNull(request);
        if (!options.Value.Public)
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, "The revocation feed is closed.")).ConfigureAwait(false);

        DateTimeOffset? since = null;
        if (request.Query["since"] is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LastSecond)
                return await request.ReplyAsync(Problem.InvalidField("since", "must be a time in Unix seconds.")).ConfigureAwait(false);
            since = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        var feed = await readRevocations.ExecuteAsync(since, cancellationToken).ConfigureAwait(false);
        return await request.ReplyCacheableAsync(
            Encoding.ASCII.GetBytes(feed.Token), "application/jwt", CacheableReplies.TagOf(feed.Sessions.Span), options.Value.Cache)
            .ConfigureAwait(false);
    }
}
