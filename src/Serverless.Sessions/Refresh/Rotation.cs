using System.Collections.Immutable;

namespace Serverless.Sessions.Refresh;

/// <summary>What a refresh changes in a session, derived from the token alone: one conditional write, no read.
/// <c>ExpiresAt</c> is the new idle expiry; a null <c>Attempt</c> clears the previous one.</summary>
public sealed record Rotation(RefreshToken Token, AttemptHash? Attempt, DateTimeOffset At, DateTimeOffset ExpiresAt)
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

    public int Generation => Token.Generation + 1;
    public bool Regenerates => At - Token.NumberStartedAt >= RegenerateAfter;
    public int Number => Regenerates ? Token.Number + 1 : Token.Number;
    public DateTimeOffset NumberStartedAt => Regenerates ? At : Token.NumberStartedAt;

    public static Rotation Of(RefreshToken token, AttemptHash? attempt, DateTimeOffset now, SessionOptions options) =>
        new(token, attempt, now, options.SlideExpiry(now, token.Remember, token.AbsoluteExpiresAt));

    public RefreshToken Succeed(RowVersion version) => Token with
    {
        Generation = Generation,
        Number = Number,
        NumberStartedAt = NumberStartedAt,
        IssuedAt = At,
        ExpiresAt = ExpiresAt,
        Version = version,
        Audit = Audit,
        Country = Location?.Country,
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
