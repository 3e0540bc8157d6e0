using System.Collections.Immutable;

namespace Serverless.Sessions.Refresh;

/// <summary>What a refresh changes in a session, derived from the token alone: one conditional write, no read.
/// Its expiries are new: by the policy of the token's roles, from the time of the login on. A null <c>Attempt</c> clears the
/// previous one.</summary>
public sealed record Rotation(
    RefreshToken Token, AttemptHash? Attempt, DateTimeOffset At, DateTimeOffset ExpiresAt,
    EndReason ExpiryReason, DateTimeOffset AbsoluteExpiresAt)
{
    // How old a session's number gets before a refresh regenerates the session, which raises it.
    private static readonly TimeSpan RegenerateAfter = TimeSpan.FromHours(24);

    public AuditHead Audit { get; init; }

    /// <summary>Where the token was used; null if that isn't known.</summary>
    public Location? Location { get; init; }

    /// <summary>Whether the session has a location to replace, or gets one.</summary>
    public bool ChangesLocation => Location is not null || Token.Country is not null;

    /// <summary>The proof of the session from now on; null leaves it.</summary>
    public Authentication? Authentication { get; init; }

    /// <summary>Told to the user in the same transaction.</summary>
    public Notice? Notice { get; init; }

    /// <summary>Those of the session from now on; null leaves them.</summary>
    public KnownPlaces? Places { get; init; }

    public int Generation => Token.Generation + 1;
    public bool Regenerates => At - Token.NumberStartedAt >= RegenerateAfter;
    public int Number => Regenerates ? Token.Number + 1 : Token.Number;
    public DateTimeOffset NumberStartedAt => Regenerates ? At : Token.NumberStartedAt;

    /// <summary>Returns why there is nothing to rotate: the user did nothing for too long, or the policy has become stricter.</summary>
    public SessionEnd? Ending => SessionEnd.ByExpiry(At, ExpiresAt, ExpiryReason, AbsoluteExpiresAt);

    /// <param name="token">The token that is spent.</param>
    /// <param name="attempt">That of the client, if it sent one.</param>
    /// <param name="now">When.</param>
    /// <param name="policies">Those of all roles.</param>
    /// <param name="idleFor">How long the user has done nothing; only a policy with inactivity asks.</param>
    public static Rotation Of(
        RefreshToken token, AttemptHash? attempt, DateTimeOffset now, SessionPolicies policies, TimeSpan idleFor = default)
    {
        var policy = policies.Of(token);
        // A token of the previous release doesn't know the login.
        var absolute = token.CreatedAt + policy.AbsoluteLifetime ?? token.AbsoluteExpiresAt;
        var (expiresAt, reason) = policy.SlideExpiry(now, idleFor, absolute);
        return new(token, attempt, now, expiresAt, reason, absolute);
    }

    public RefreshToken ToSuccessor(RowVersion version) => Token with
    {
        Generation = Generation,
        Number = Number,
        NumberStartedAt = NumberStartedAt,
        IssuedAt = At,
        ExpiresAt = ExpiresAt,
        ExpiryReason = ExpiryReason,
        AbsoluteExpiresAt = AbsoluteExpiresAt,
        Version = version,
        Audit = Audit,
        // An address that isn't known says nothing about where the session is.
        Country = Location?.Country ?? Token.Country,
        LocatedAt = Location is null ? Token.LocatedAt : At,
        Claims = Authentication is { } proof ? Token.Claims with { Authentication = proof } : Token.Claims,
    };
}

/// <summary>The hash of a random value that the client stores before a refresh; the same again means a lost reply.</summary>
public readonly record struct AttemptHash(string Value)
{
    /// <summary>The fewest characters of an attempt; fewer can't be a random value.</summary>
    public const int MinimumLength = 8;
    public const int MaximumLength = 128;

    public static AttemptHash Of(string attempt) => new(Digest.HexOf(attempt));
    public override string ToString() => Value;
}

/// <summary>When the last eight generations were rotated; a refresh writes only its own slot, without a read.</summary>
public readonly record struct RotationTimes
{
    public const int Count = 8;
    public static readonly RotationTimes None = new([.. Enumerable.Repeat<DateTimeOffset?>(null, Count)]);
    private readonly ImmutableArray<DateTimeOffset?> _slots;

    public RotationTimes(ImmutableArray<DateTimeOffset?> slots)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(slots.Length, Count);
        _slots = slots;
    }

    public static int SlotOf(int generation) => generation % Count;

    /// <summary>Returns null if the generation wasn't rotated, or too long ago to be remembered.</summary>
    public DateTimeOffset? Of(int generation, int current) =>
        generation < current && current - generation <= Count ? _slots[SlotOf(generation)] : null;

    public RotationTimes With(int generation, DateTimeOffset at) => new(_slots.SetItem(SlotOf(generation), at));
    public bool Equals(RotationTimes other) => _slots.SequenceEqual(other._slots);
    public override int GetHashCode() => _slots.Aggregate(0, HashCode.Combine);
}
