using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Redis;

/// <summary>Limits over all instances at a fixed cost: one value for each, the time when its bucket is full again. A request that was
/// admitted while the answer was on its way is counted, too, so the next ones wait longer for it.</summary>
internal sealed class RedisLimits(RedisConnection redis, RedisKeys keys, TimeProvider clock) : ISharedLimits
{
    private const int MostRefused = 10_000;

    // Until when who has to wait, as timestamps.
    private readonly ConcurrentDictionary<string, long> _refused = [];

    public TimeSpan? Count(string limit, string key, int atOnce, TimeSpan interval)
    {
        // Neither addresses nor emails are in Redis.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{limit}\n{key}")).AsSpan(0, 16));
        if (_refused.TryGetValue(name, out var until))
        {
            if (clock.GetElapsedTime(clock.GetTimestamp(), until) is var wait && wait > TimeSpan.Zero)
                return wait;
            _refused.TryRemove(new(name, until));
        }

        redis.Post(
            database => database.ScriptEvaluateAsync(
                RedisScripts.Count, [keys.Limit(name)], [(long)interval.TotalMicroseconds, atOnce]),
            onAnswer: answer => Learn(name, (long)answer));
        return null;
    }

    private void Learn(string name, long microseconds)
    {
        if (microseconds <= 0 || _refused.Count >= MostRefused && !_refused.ContainsKey(name) && !MakeRoom())
            return;
        var until = clock.GetTimestamp() + (long)(microseconds / 1e6 * clock.TimestampFrequency);
        _refused.AddOrUpdate(name, until, (_, known) => Math.Max(known, until));
    }

    // Who isn't remembered is only asked about once more.
    private bool MakeRoom()
    {
        var now = clock.GetTimestamp();
        foreach (var (name, until) in _refused)
        {
            if (until <= now)
                _refused.TryRemove(new(name, until));
        }

        return _refused.Count < MostRefused;
    }
}
