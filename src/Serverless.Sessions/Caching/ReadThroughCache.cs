using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Caching;

/// <summary>
/// Reads what isn't at hand, once for all who ask for it at the same time, and keeps it for a lifetime. Whoever hangs up stops waiting;
/// the reading goes on for the others, within the time of a <see cref="Detached"/> step. One that fails is kept for nobody.
/// </summary>
/// <param name="capacity">The most copies.</param>
/// <param name="lifetime">How old a copy may be, counted from the beginning of its reading.</param>
/// <param name="clock">What the age is measured by.</param>
/// <param name="keeps">Whether a copy is worth keeping; null for all.</param>
internal sealed class ReadThroughCache<TKey, TValue>(
    int capacity, TimeSpan lifetime, TimeProvider clock, Func<TValue, bool>? keeps = null)
    where TKey : notnull
{
    private readonly Lock _changing = new();
    private readonly AgedCache<TKey, TValue> _copies = new(capacity, lifetime, clock);
    private readonly Dictionary<TKey, Reading> _underWay = [];

    /// <exception cref="StorageUnavailableException">It can't be read.</exception>
    public async ValueTask<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        if (_copies.TryFind(key, out var known))
            return known;
        Reading? reading;
        bool isNew;
        lock (_changing)
        {
            // One may have ended just now.
            if (_copies.TryFind(key, out known))
                return known;
            isNew = !_underWay.TryGetValue(key, out reading);
            if (isNew)
                _underWay.Add(key, reading = new(clock.GetTimestamp()));
        }

        if (isNew)
            _ = ReadAsync(key, reading!, read);
        return await reading!.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Forgets a copy; nobody who asks from here on gets what is being read by now.</summary>
    public void Drop(TKey key)
    {
        lock (_changing)
        {
            if (_underWay.Remove(key) || _copies.TryFind(key, out _))
                _copies.Drop(key);
        }
    }

    private async Task ReadAsync(TKey key, Reading reading, Func<CancellationToken, Task<TValue>> read)
    {
        var result = Detached.RunAsync(clock, read);
        await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (result.IsCompletedSuccessfully && await result is var value && keeps?.Invoke(value) != false)
            _copies.Keep(key, value, reading.At);
        lock (_changing)
        {
            if (_underWay.GetValueOrDefault(key) == reading)
                _underWay.Remove(key);
        }

        reading.SetFromTask(result);
        // All who waited may have hung up: then nobody else looks at it.
        _ = reading.Task.Exception;
    }

    private sealed class Reading(long at) : TaskCompletionSource<TValue>
    {
        public long At => at;
    }
}
