using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Caching;

/// <summary>
/// Copies by key, none of them older than a lifetime. How old a copy is, is told by the monotonic clock, so a wall clock that is set
/// neither keeps nor drops any. The oldest goes where there are too many.
/// </summary>
/// <param name="capacity">The most copies.</param>
/// <param name="lifetime">How old a copy may be.</param>
/// <param name="clock">What the age is measured by.</param>
internal sealed class AgedCache<TKey, TValue>(int capacity, TimeSpan lifetime, TimeProvider clock)
    where TKey : notnull
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<TKey, Copy> _copies = [];

    // In the order in which they were made, with those that were replaced: so many changes are remembered, and not more.
    private readonly Queue<Copy> _made = [];

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_copies.TryGetValue(key, out var copy) && copy.HasValue && IsYoung(copy))
        {
            value = copy.Value!;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Keeps a copy, unless something younger is known: a reading that began before a change has seen the past.</summary>
    /// <param name="value">The copy.</param>
    /// <param name="readAt">The timestamp of when its reading began.</param>
    public void Keep(TKey key, TValue value, long readAt)
    {
        lock (_changing)
        {
            if (!_copies.TryGetValue(key, out var known) || known.At < readAt)
                Store(new(key, value, hasValue: true, readAt));
        }
    }

    /// <summary>Forgets a copy, and whatever is being read by now.</summary>
    public void Drop(TKey key)
    {
        lock (_changing)
            Store(new(key, default, hasValue: false, clock.GetTimestamp()));
    }

    private void Store(Copy copy)
    {
        _copies[copy.Key] = copy;
        _made.Enqueue(copy);
        while (_made.TryPeek(out var oldest) && (_made.Count > capacity || !IsYoung(oldest)))
            _copies.TryRemove(new(oldest.Key, _made.Dequeue()));
    }

    private bool IsYoung(Copy copy) => clock.GetElapsedTime(copy.At) < lifetime;

    // Compared by reference: what replaced a copy stays when the copy goes.
    private sealed class Copy(TKey key, TValue? value, bool hasValue, long at)
    {
        public TKey Key => key;

        public TValue? Value => value;

        public bool HasValue => hasValue;

        public long At => at;
    }
}
