using Serverless.Sessions.Tokens;

namespace Serverless.Redis;

/// <summary>Keeps sessions for all instances, and tells and hears of changes.</summary>
internal sealed class RedisSessions : ISharedSessions
{
    // An instance that is heard of so late may be gone.
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);

    private readonly RedisConnection _redis;
    private readonly Instances _instances;
    private readonly RedisKeys _keys;
    private readonly TimeProvider _clock;
    private long _lost;
    private volatile SentBeat _sent = new(-1, 0);

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

    /// <summary>Something couldn't be told: the next beat says so to the others, and this instance takes nothing for heard until then.</summary>
    internal void Lose()
    {
        Interlocked.Increment(ref _lost);
        _instances.Interrupt();
    }

    /// <summary>Whether the latest beat has come back.</summary>
    internal bool HearsItself => _instances.OwnNumber == _sent.Number;

    internal string NextBeat()
    {
        var sent = _sent = new(_sent.Number + 1, _clock.GetTimestamp());
        return News.OfBeat(_instances.Own, new(sent.Number, Interlocked.Read(ref _lost), _clock.GetUtcNow()));
    }

    internal void Hear(string text)
    {
        if (News.Read(text) is not { } news)
            return;
        if (news.Sender == _instances.Own)
        {
            // An old one that arrives late proves nothing about now.
            if (_sent is var (number, at) && news.Beat?.Number == number)
                _instances.HearOwn(number, at);
        }
        else if (news.Beat is { } beat)
            _instances.Hear(news.Sender, beat);
        else if (news.Told is { } told)
            Told?.Invoke(told.Id, told.Change);
        else if (news.Leaves)
            _instances.Leave(news.Sender);
    }

    private sealed record SentBeat(long Number, long At);
}
