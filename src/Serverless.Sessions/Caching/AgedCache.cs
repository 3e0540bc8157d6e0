using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Caching;

/// <summary>Entries expire by the monotonic clock, whatever the wall clock. At capacity the oldest entry goes.</summary>
internal sealed class AgedCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider clock)
    where TKey : notnull
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<TKey, Copy> _copies = [];

    // In order of creation, replaced entries included, so its length bounds the memory.
    private readonly Queue<KeyValuePair<TKey, Copy>> _made = [];

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var isFound = _copies.TryGetValue(key, out var copy) && copy.HasValue && IsYoung(copy);
        value = isFound ? copy.Value! : default!;
        return isFound;
    }

    /// <summary>Stores a value, dated by the start of its read, unless a newer value or a later drop is known.</summary>
    public void Keep(TKey key, TValue value, long readAt)
    {
        lock (_changing)
        {
            if (!_copies.TryGetValue(key, out var known) || known.At < readAt)
                Store(key, new(readAt, HasValue: true, value));
        }
    }

    /// <summary>Removes a value, and rejects those whose read has already begun.</summary>
    public void Drop(TKey key)
    {
        lock (_changing)
            Store(key, new(clock.GetTimestamp(), HasValue: false, default));
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
