using System.Collections.Concurrent;

namespace Serverless.Sessions.Ending;

/// <summary>The feed of ended sessions whose access tokens may still be in use, for services that verify tokens themselves. It
/// reads only the hours of the timeline in which sessions ended, once per cache time for all callers.</summary>
public sealed class ReadRevocations(
    ITimeline timeline, KeyRingSource keys, IOptions<FeedOptions> feed, IOptions<TokenOptions> tokens, TimeProvider clock)
{
    // An instance may write late or its clock be behind; a client that polls with `since` must still get that.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // The maximum lifetime, since a token may have been issued under another setting, plus the five minutes of clock skew that
    // JWT libraries tolerate by default.
    private static readonly TimeSpan LongestBelieved = TokenOptions.LongestLifetime + TimeSpan.FromMinutes(5);

    // A single entry, shared by all callers.
    private readonly ReadThroughCache<ValueTuple, Window> _windows = new(1, feed.Value.CacheLifetime, clock);

    /// <summary>Omits what was known at <paramref name="since"/>; null for everything.</summary>
    public async Task<RevocationFeed> ExecuteAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var window = await _windows.GetAsync(default, ReadAsync, cancellationToken);
        // Signing dominates the cost, so equal contents are signed once. Rounding to the minute bounds how many variants callers
        // can make the service sign and keep.
        DateTimeOffset? minute = since is { } time ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute)) : null;
        // In this form, no `since` can leave the range of dates.
        var known = window.Revocations.TakeWhile(revocation => revocation.Before + Lateness < minute).Count();
        return window.Feeds.GetOrAdd(known, skipped => RevocationFeed.Sign(
            window.Revocations.Skip(skipped), ring, tokens.Value.Issuer, window.ReadAt, feed.Value.CacheLifetime));
    }

    private async Task<Window> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var revocations = await timeline.ReadRevocationsAsync(now - LongestBelieved, now + Lateness, cancellationToken);
        // Requests that end the same session concurrently each record it.
        var latest = revocations
            .GroupBy(revocation => revocation.SessionId)
            .Select(same => same.MaxBy(revocation => revocation.Before)!)
            .OrderBy(revocation => revocation.Before)
            .ThenBy(revocation => revocation.SessionId.Value);
        return new([.. latest], now);
    }

    private sealed record Window(IReadOnlyList<Revocation> Revocations, DateTimeOffset ReadAt)
    {
        public ConcurrentDictionary<int, RevocationFeed> Feeds { get; } = [];
    }
}

public sealed class FeedOptions
{
    [Setting("whether there is a revocation feed; it holds session ids and times, nothing about users", "no service reads it")]
    public bool Public { get; set; } = true;

    [Setting("how old the feed may be; within that time an instance reads storage once",
        "services must learn of revocations sooner, or the reads cost too much")]
    [Duration("00:00:01", "00:01:00")]
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromSeconds(5);
}
