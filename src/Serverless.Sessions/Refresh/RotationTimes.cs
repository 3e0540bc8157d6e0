using System.Collections.Immutable;

namespace Serverless.Sessions.Refresh;

/// <summary>When the last eight generations of a session were rotated. A refresh writes only its own slot, so the row accumulates
/// them without being read.</summary>
public readonly record struct RotationTimes
{
    /// <summary>The number of generations remembered.</summary>
    public const int Count = 8;

    /// <summary>No rotation yet.</summary>
    public static readonly RotationTimes None = new([.. Enumerable.Repeat<DateTimeOffset?>(null, Count)]);

    private readonly ImmutableArray<DateTimeOffset?> _slots;

    /// <summary>Takes the slots as stored, in order.</summary>
    public RotationTimes(ImmutableArray<DateTimeOffset?> slots)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(slots.Length, Count);
        _slots = slots;
    }

    /// <summary>The slot of a generation.</summary>
    public static int SlotOf(int generation) => generation % Count;

    /// <summary>The content of a slot.</summary>
    public DateTimeOffset? this[int slot] => _slots[slot];

    /// <summary>When a generation was rotated; null if it wasn't, or too long ago to be remembered.</summary>
    public DateTimeOffset? Of(int generation, int current) =>
        generation < current && current - generation <= Count ? _slots[SlotOf(generation)] : null;

    /// <summary>Records a rotation.</summary>
    public RotationTimes With(int generation, DateTimeOffset at) => new(_slots.SetItem(SlotOf(generation), at));

    /// <inheritdoc/>
    public bool Equals(RotationTimes other) => _slots.SequenceEqual(other._slots);

    /// <inheritdoc/>
    public override int GetHashCode() => _slots.Aggregate(0, HashCode.Combine);
}
