using System.Collections.Concurrent;
using Serverless.Sessions.Tokens;

namespace Serverless.Redis;

/// <summary>Keeps sessions for all instances, and tells and hears of changes.</summary>
internal sealed class RedisSessions : ISharedSessions
{
    // An instance that is heard of so late may be gone.
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);

    // Own beats that may still come back; what was sent before them says nothing of now.
    private const int MostUnderWay = 3;

    private readonly RedisConnection _redis;
    private readonly Instances _instances;
    private readonly RedisKeys _keys;
    private readonly TimeProvider _clock;
    // When the latest beats were sent, by their numbers.
    private readonly ConcurrentDictionary<long, long> _sent = [];
    private long _beats;
    private long _lost;
    private long _echoes;

    public RedisSessions(RedisConnection redis, Instances instances, RedisKeys keys, TimeProvider clock)
    {
        (_redis, _instances, _keys, _clock) = (redis, instances, keys, clock);
        instances.Missed += () => Missed?.Invoke();
    }

    public event Action<SessionId, SessionChange>? Told;
    public event Action? Missed;

    public HeardChanges Heard => _instances.Heard;

    public SharingState State => !_redis.IsAvailable ? SharingState.Unavailable
        : Heard is { Until: > long.MinValue and var until } && _clock.GetElapsedTime(until) < Silent ? SharingState.Connected
        : SharingState.Partial;

    public async ValueTask<byte[]?> FindAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (isAnswered, values) = await _redis.AskAsync(database => database.StringGetAsync([_keys.Session(id), _keys.End(id)]));
        return isAnswered && values is [{ IsNullOrEmpty: false } value, { IsNull: true }] ? (byte[]?)value : null;
    }

    public void Keep(SessionId id, byte[] value, TimeSpan lifetime) => _redis.Post(database => database.ScriptEvaluateAsync(
        RedisScripts.Keep, [_keys.Session(id), _keys.End(id)], [value, (long)lifetime.TotalMilliseconds]));

    public void Tell(SessionId id, SessionChange change, TimeSpan lifetime)
    {
        var end = change == SessionChange.Changed ? 0 : (long)TokenOptions.LongestLifetime.TotalMilliseconds;
        _redis.Post(
            database => database.ScriptEvaluateAsync(
                RedisScripts.Tell, [_keys.Session(id), _keys.End(id)],
                [(long)lifetime.TotalMilliseconds, end, $"{_keys.News}", News.OfChange(_instances.Own, id, change)]),
            onLost: Lose);
    }

    /// <summary>Something couldn't be told: the next beat says so to the others,
    /// and this instance takes nothing for heard until then.</summary>
    internal void Lose()
    {
        Interlocked.Increment(ref _lost);
        _instances.Interrupt();
    }

    /// <summary>How many of its own messages have come back, however late.</summary>
    internal long Echoes => Interlocked.Read(ref _echoes);

    internal string NextBeat()
    {
        var number = _beats++;
        _sent[number] = _clock.GetTimestamp();
        _sent.TryRemove(number - MostUnderWay, out _);
        return News.OfBeat(_instances.Own, new(number, Interlocked.Read(ref _lost), _clock.GetUtcNow()));
    }

    internal void Hear(string text)
    {
        if (News.Read(text) is not { } news)
            return;
        if (news.Sender == _instances.Own)
        {
            Interlocked.Increment(ref _echoes);
            // One that comes back late, on a busy machine, still proves that all was heard until it was sent.
            if (news.Beat is { Number: var number } && _sent.TryRemove(number, out var sentAt))
                _instances.HearOwn(number, sentAt);
        }
        else if (news.Beat is { } beat)
            _instances.Hear(news.Sender, beat);
        else if (news.Told is { } told)
            Told?.Invoke(told.Id, told.Change);
        else if (news.Leaves)
            _instances.Leave(news.Sender);
    }
}
