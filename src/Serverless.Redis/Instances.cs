namespace Serverless.Redis;

/// <summary>Which instances there are, and up to when this one has heard all that they told: the latest beat of the one that has been
/// silent longest, this one included. A beat has a number, so that a gap is noticed, and counts what its sender failed to tell.</summary>
internal sealed class Instances(TimeProvider clock)
{
    /// <summary>How long a silent instance counts: it may be cut off from Redis, and end sessions.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // More than that are not followed, and then nothing is heard of all.
    private const int Most = 1_000;

    private readonly Lock _changing = new();
    private readonly Dictionary<string, Instance> _others = [];
    private long _since = long.MaxValue;
    private long _until = long.MinValue;
    private long _ownUntil = long.MinValue;
    private long _ownNumber = -1;
    private bool _isInterrupted = true;
    private long _interruptedAt = long.MinValue;

    public string Own { get; } = $"{Guid.NewGuid():N}"[..16];

    public HeardChanges Heard
    {
        get
        {
            lock (_changing)
                return new(_since, _until);
        }
    }

    /// <summary>Raised when changes may have been missed.</summary>
    public event Action? Missed;

    /// <summary>What was told may be lost until an own beat is heard that was sent afterwards.</summary>
    public void Interrupt()
    {
        lock (_changing)
        {
            _interruptedAt = clock.GetTimestamp();
            // Until that beat nothing is taken for heard, and with it all is dropped anyway.
            if (_isInterrupted)
                return;
            (_isInterrupted, _until) = (true, long.MinValue);
        }

        Missed?.Invoke();
    }

    /// <param name="number">Of the beat.</param>
    /// <param name="sentAt">A timestamp.</param>
    public void HearOwn(long number, long sentAt)
    {
        bool misses;
        lock (_changing)
        {
            if (sentAt < _interruptedAt)
                return;
            misses = _isInterrupted || number != _ownNumber + 1;
            if (misses)
                _since = sentAt;
            (_isInterrupted, _ownNumber, _ownUntil) = (false, number, sentAt);
            UpdateUntil();
        }

        if (misses)
            Missed?.Invoke();
    }

    public void Hear(string name, Beat beat)
    {
        bool misses;
        lock (_changing)
        {
            var now = clock.GetTimestamp();
            // The senders' clocks agree with ours, or its beats only seem older or as young as they arrive.
            var age = clock.GetUtcNow() - beat.SentAt;
            var sentAt = age > TimeSpan.Zero ? now - Ticks(age) : now;
            misses = !_others.TryGetValue(name, out var known) || known.Number + 1 != beat.Number || known.Lost != beat.Lost;
            if (known is null && _others.Count >= Most)
                return;
            _others[name] = new(beat.Number, beat.Lost, sentAt, now);
            if (misses)
                _since = now;
            UpdateUntil();
        }

        if (misses)
            Missed?.Invoke();
    }

    public void Leave(string name)
    {
        lock (_changing)
        {
            _others.Remove(name);
            UpdateUntil();
        }
    }

    /// <summary>Takes over the registered instances: one that was never heard is waited for.</summary>
    public void Register(IReadOnlyCollection<string> names)
    {
        lock (_changing)
        {
            foreach (var name in names.Where(name => name != Own && !_others.ContainsKey(name)).Take(Most - _others.Count))
                _others.Add(name, new(-1, 0, long.MinValue, clock.GetTimestamp()));
            foreach (var (name, instance) in _others.ToList())
            {
                if (!names.Contains(name) && clock.GetElapsedTime(instance.HeardAt) > Longest)
                    _others.Remove(name);
            }

            UpdateUntil();
        }
    }

    private void UpdateUntil() => _until = _isInterrupted || _others.Count >= Most ? long.MinValue
        : _others.Values.Aggregate(_ownUntil, (until, other) => Math.Min(until, other.Until));

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private sealed record Instance(long Number, long Lost, long Until, long HeardAt);
}

/// <param name="Number">Counts the beats.</param>
/// <param name="Lost">Counts what the instance failed to tell.</param>
/// <param name="SentAt">By its wall clock.</param>
internal readonly record struct Beat(long Number, long Lost, DateTimeOffset SentAt);
