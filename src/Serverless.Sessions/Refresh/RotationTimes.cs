using System.Collections.Immutable;

namespace Serverless.Sessions.Refresh;

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
