using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Caching;

/// <summary>Entries expire by the monotonic clock, whatever the wall clock. At capacity the oldest entry goes.</summary>
internal sealed class AgedCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider clock)
    where TKey : notnull
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<TKey, Copy> _copies = [];

    private long _clearedAt = long.MinValue;

    // In order of creation, replaced entries included, so its length bounds the memory.
    private readonly Queue<KeyValuePair<TKey, Copy>> _made = [];

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value) => TryFind(key, long.MinValue, out value);

    /// <summary>Finds a value whose read began after <paramref name="notBefore"/>.</summary>
    public bool TryFind(TKey key, long notBefore, [MaybeNullWhen(false)] out TValue value)
    {
        var isFound = _copies.TryGetValue(key, out var copy) && copy.HasValue && copy.At > notBefore && IsYoung(copy);
        value = isFound ? copy.Value! : default!;
        return isFound;
    }

    /// <summary>Stores a value, dated by the start of its read, unless a newer value or a later drop is known.</summary>
    public void Keep(TKey key, TValue value, long readAt)
    {
        lock (_changing)
        {
            if (readAt > _clearedAt && (!_copies.TryGetValue(key, out var known) || known.At < readAt))
                Store(key, new(readAt, HasValue: true, value));
        }
    }

    /// <summary>Removes a value, and rejects those whose read has already begun, or begins within <paramref name="hold"/>.</summary>
    public void Drop(TKey key, TimeSpan hold = default)
    {
        lock (_changing)
        {
            var until = clock.GetTimestamp() + (long)(hold.TotalSeconds * clock.TimestampFrequency);
            // A hold that was asked for before isn't shortened.
            Store(key, new(_copies.TryGetValue(key, out var known) ? Math.Max(known.At, until) : until, HasValue: false, default));
        }
    }

    /// <summary>Removes all values, and rejects those whose read has already begun; holds stay.</summary>
    public void Clear()
    {
        lock (_changing)
        {
            _clearedAt = clock.GetTimestamp();
            var held = _made.Where(made => made.Value.At > _clearedAt).ToList();
            _copies.Clear();
            _made.Clear();
            foreach (var (key, copy) in held)
                Store(key, copy);
        }
    }

    private void Store(TKey key, Copy copy)
    {
        _copies[key] = copy;
        _made.Enqueue(new(key, copy));
        while (_made.TryPeek(out var oldest) && (_made.Count > capacity || !IsYoung(oldest.Value)))
            _copies.TryRemove(_made.Dequeue());
    }

    private bool IsYoung(Copy copy) => clock.GetElapsedTime(copy.At) < lifetime;

    // Compared by value: its time tells an evicted entry from its replacement, which stays.
    private readonly record struct Copy(long At, bool HasValue, TValue? Value);
}
