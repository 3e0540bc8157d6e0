using System.Collections.Immutable;

namespace Serverless.Sessions.Refresh;

/// <summary>
/// When the last eight generations of a session were rotated away. A refresh writes only its own slot, so the row remembers
/// them without being read.
/// </summary>
public readonly record struct RotationTimes
{
    /// <summary>How many generations back are remembered.</summary>
    public const int Count = 8;

    /// <summary>Nothing was rotated yet.</summary>
    public static readonly RotationTimes None = new([.. Enumerable.Repeat<DateTimeOffset?>(null, Count)]);

    private readonly ImmutableArray<DateTimeOffset?> _slots;

    /// <summary>Takes the slots as they were stored, in their order.</summary>
    public RotationTimes(ImmutableArray<DateTimeOffset?> slots)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(slots.Length, Count);
        _slots = slots;
    }

    /// <summary>The slot in which the rotation of a generation is kept.</summary>
    public static int SlotOf(int generation) => generation % Count;

    /// <summary>What a slot holds.</summary>
    public DateTimeOffset? this[int slot] => _slots[slot];

    /// <summary>When a generation was rotated away; null when that is longer ago than the row remembers.</summary>
    /// <param name="generation">The generation asked about.</param>
    /// <param name="current">The session's generation.</param>
    public DateTimeOffset? Of(int generation, int current) =>
        generation < current && current - generation <= Count ? _slots[SlotOf(generation)] : null;

    /// <summary>Remembers that a generation was rotated away.</summary>
    public RotationTimes With(int generation, DateTimeOffset at) => new(_slots.SetItem(SlotOf(generation), at));

    /// <inheritdoc/>
    public bool Equals(RotationTimes other) => _slots.SequenceEqual(other._slots);

    /// <inheritdoc/>
    public override int GetHashCode() => _slots.Aggregate(0, HashCode.Combine);
}
