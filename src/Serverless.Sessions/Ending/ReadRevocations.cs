using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Caching;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Ending;

/// <summary>
/// Tells services that verify access tokens by themselves which sessions ended while tokens of them may still be believed. It reads
/// the hours of the timeline in which sessions ended, whatever else exists, once in the cache time for all who ask.
/// </summary>
public sealed class ReadRevocations(
    ITimeline timeline, KeyRingSource keys, IOptions<FeedOptions> feed, IOptions<TokenOptions> tokens, TimeProvider clock)
{
    // An instance may be slow to write, or its clock behind: who asks for what is new since the last time must still get it.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // A token may have been issued under another setting, so only the longest that can be set says how long it lives. Verifiers forgive
    // clocks that differ by five minutes, as JWT libraries do by default.
    private static readonly TimeSpan LongestBelieved = TokenOptions.LongestLifetime + TimeSpan.FromMinutes(5);

    // There is one for all.
    private readonly ReadThroughCache<ValueTuple, Window> _windows = new(1, feed.Value.CacheLifetime, clock);

    /// <summary>The feed.</summary>
    /// <param name="since">Leaves out what was known at that time; null for all.</param>
    /// <exception cref="StorageUnavailableException">It can't be read.</exception>
    public async Task<RevocationFeed> ExecuteAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var window = await _windows.GetAsync(default, ReadAsync, cancellationToken);
        // Signing costs more than all else here: whatever is asked, equal contents are signed once. By the minute, so that nobody
        // can have more of them signed and kept than the window has minutes.
        var first = since is { } from ? window.CountBefore(ToMinute(from), Lateness) : 0;
        return window.Feeds.GetOrAdd(first, skipped =>
        {
            var sessions = RevocationToken.WriteSessions(window.Revocations.Skip(skipped));
            return new(
                RevocationToken.Write(sessions.Span, ring, tokens.Value.Issuer, window.ReadAt, feed.Value.CacheLifetime), sessions);
        });
    }

    private async Task<Window> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var revocations = await timeline.ReadRevocationsAsync(now - LongestBelieved, now + Lateness, cancellationToken);
        // Several who end a session at the same time all record it.
        var latest = revocations
            .GroupBy(revocation => revocation.SessionId)
            .Select(same => same.MaxBy(revocation => revocation.Before)!)
            .OrderBy(revocation => revocation.Before)
            .ThenBy(revocation => revocation.SessionId.Value);
        return new([.. latest], now);
    }

    private static DateTimeOffset ToMinute(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    private sealed record Window(IReadOnlyList<Revocation> Revocations, DateTimeOffset ReadAt)
    {
        public ConcurrentDictionary<int, RevocationFeed> Feeds { get; } = [];

        // Compared this way round, no time that a caller names leaves the calendar.
        public int CountBefore(DateTimeOffset since, TimeSpan lateness) =>
            Revocations.TakeWhile(revocation => revocation.Before + lateness < since).Count();
    }
}

/// <summary>What the feed says.</summary>
/// <param name="Token">The signed whole.</param>
/// <param name="Sessions">What it says of sessions, as JSON: two feeds that are equal in it say the same.</param>
public sealed record RevocationFeed(string Token, ReadOnlyMemory<byte> Sessions);
