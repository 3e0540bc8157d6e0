namespace Serverless.Sessions.Caching;

/// <summary>Reads missing values, once for all concurrent callers, and caches those that <c>keeps</c> accepts; age counts from
/// the start of the read. Cancelling stops only the caller's wait, not the read (<see cref="Detached"/>).</summary>
internal sealed class ReadThroughCache<TKey, TValue>(
    int capacity, TimeSpan lifetime, TimeProvider clock, Func<TValue, bool>? keeps = null)
    where TKey : notnull
{
    private readonly Lock _changing = new();
    private readonly AgedCache<TKey, TValue> _copies = new(capacity, lifetime, clock);
    private readonly Dictionary<TKey, Reading> _underWay = [];

    public async ValueTask<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        if (_copies.TryFind(key, out var known))
            return known;
        Reading? reading;
        bool isNew;
        lock (_changing)
        {
            // A read may have ended since the first look.
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

    /// <summary>Removes a value; later callers don't get the result of a read already under way.</summary>
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
        // Observes the exception even if every caller has stopped waiting.
        _ = reading.Task.Exception;
    }

    private sealed class Reading(long at) : TaskCompletionSource<TValue>
    {
        public long At => at;
    }
}
