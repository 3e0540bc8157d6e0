using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

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
        var latest = revocations.GroupBy(revocation => revocation.SessionId)
            .Select(same => same.MaxBy(revocation => revocation.Before)!)
            .OrderBy(revocation => revocation.Before).ThenBy(revocation => revocation.SessionId.Value);
        return new([.. latest], now);
    }

    private sealed record Window(IReadOnlyList<Revocation> Revocations, DateTimeOffset ReadAt)
    {
        public ConcurrentDictionary<int, RevocationFeed> Feeds { get; } = [];
    }
}

/// <summary>A feed signed as a JWT; <c>Sessions</c> is JSON without the times of the JWT, for comparison.</summary>
public sealed record RevocationFeed(string Token, ReadOnlyMemory<byte> Sessions)
{
    // Keeps it from being accepted as an access token (RFC 8725, 3.11).
    private const string Type = "revocations+jwt";

    internal static RevocationFeed Sign(
        IEnumerable<Revocation> revocations, KeyRing ring, string issuer, DateTimeOffset readAt, TimeSpan cache)
    {
        var sessions = revocations.Select(each => new RevokedSession(each.SessionId.ToString(), ToSecond(each.Before))).ToArray();
        var claims = new RevocationClaims(issuer, readAt.ToUnixTimeSeconds(), ToSecond(readAt + cache), sessions);
        var payload = JsonSerializer.SerializeToUtf8Bytes(claims, RevocationJsonContext.Default.RevocationClaims);
        var key = ring.SignerAt(readAt);
        return new(
            CompactJws.Write(key.HeaderOf(Type), payload, key),
            JsonSerializer.SerializeToUtf8Bytes(sessions, RevocationJsonContext.Default.RevokedSessionArray));
    }

    // Round up: token times are rounded down, so a token issued before the time must not look newer.
    private static long ToSecond(DateTimeOffset time) => time.AddSeconds(1).AddTicks(-1).ToUnixTimeSeconds();
}

internal sealed record RevocationClaims(string Iss, long Iat, long Exp, RevokedSession[] Sessions);

internal sealed record RevokedSession(string Sid, long Before);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RevocationClaims))]
[JsonSerializable(typeof(RevokedSession[]))]
internal sealed partial class RevocationJsonContext : JsonSerializerContext;

public sealed class FeedOptions
{
    [Setting("whether there is a revocation feed; it holds session ids and times, nothing about users", "no service reads it")]
    public bool Public { get; set; } = true;

    [Setting("how old the feed may be; within that time an instance reads storage once",
        "services must learn of revocations sooner, or the reads cost too much")]
    [Duration("00:00:01", "00:01:00")]
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromSeconds(5);
}
