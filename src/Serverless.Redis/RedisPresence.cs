namespace Serverless.Redis;

/// <summary>A hash per user with a field per session: when it was last seen, last active, and last confirmed by storage. And a set of the
/// users who were just heard from, so that they can be counted.</summary>
internal sealed class RedisPresence(RedisConnection redis, RedisSessions sessions, RedisKeys keys, TimeProvider clock) : ISharedPresence
{
    /// <summary>How often storage is asked.</summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromMinutes(1);

    // How long an end is remembered at least: longer than a heartbeat takes.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // What is further ahead of this clock was not by an instance, and would look online for as long.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public async ValueTask<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, TimeSpan window, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // An end from before may not have been told.
        if (sessions.State != SharingState.Connected)
            return false;
        var heard = clock.GetElapsedTime(sessions.Heard.Since);
        var (isAnswered, isRecorded) = await redis.AskAsync(database => RecordAsync(
            database, user, session, seenAt, isActive, window, heard < Confirmation ? heard : Confirmation));
        if (!isAnswered || (int)isRecorded! != 1)
            return false;
        MarkOnline(user, window);
        return true;
    }

    public void Confirm(UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, TimeSpan window) => redis.Post(
        database => RecordAsync(database, user, session, seenAt, isActive, window, confirmedWithin: null),
        onAnswer: isRecorded =>
        {
            if ((int)isRecorded == 1)
                MarkOnline(user, window);
        });

    public void Remove(UserId user, SessionId session) => redis.Post(
        database => database.ScriptEvaluateAsync(
            RedisScripts.Remove, [keys.Presence(user)], [$"{session}", (long)Longest.TotalMilliseconds]),
        onLost: sessions.Lose);

    public async ValueTask<IReadOnlyList<LastSeen?>> FindAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Sent together, so that they share a round trip.
        var (isAnswered, found) = await redis.AskAsync(
            database => Task.WhenAll(users.Select(user => database.HashValuesAsync(keys.Presence(user)))));
        var latest = clock.GetUtcNow() + Ahead;
        return isAnswered ? [.. found!.Select(fields => Read(fields, latest))] : new LastSeen?[users.Count];
    }

    public async ValueTask<long?> CountOnlineAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (isAnswered, count) = await redis.AskAsync(
            database => database.ScriptEvaluateAsync(RedisScripts.CountOnline, [keys.Online], [(long)window.TotalMilliseconds]));
        return isAnswered ? (long)count! : null;
    }

    private void MarkOnline(UserId user, TimeSpan window) => redis.Post(database => database.ScriptEvaluateAsync(
        RedisScripts.MarkOnline, [keys.Online], [$"{user}", (long)window.TotalMilliseconds]));

    private Task<RedisResult> RecordAsync(
        IDatabase database, UserId user, SessionId session, DateTimeOffset seenAt, bool isActive,
        TimeSpan window, TimeSpan? confirmedWithin) =>
        database.ScriptEvaluateAsync(
            RedisScripts.Record, [keys.Presence(user)],
            [
                $"{session}", seenAt.ToUnixTimeMilliseconds(), isActive ? 1 : 0, (long)window.TotalMilliseconds,
                confirmedWithin is { } age ? (long)age.TotalMilliseconds : -1,
            ]);

    private static LastSeen? Read(RedisValue[] fields, DateTimeOffset latest)
    {
        DateTimeOffset? seenAt = null, activeAt = null;
        foreach (var field in fields)
        {
            if ($"{field}".Split(' ') is not [var seen, var active, _] || !TryRead(seen, latest, out var at)
                || !TryRead(active, latest, out var activeOne))
                continue;
            seenAt = seenAt > at ? seenAt : at;
            activeAt = activeOne == DateTimeOffset.UnixEpoch || activeAt > activeOne ? activeAt : activeOne;
        }

        return seenAt is { } last ? new(last, activeAt) : null;
    }

    private static bool TryRead(string text, DateTimeOffset latest, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= latest.ToUnixTimeMilliseconds();
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isTime;
    }
}
