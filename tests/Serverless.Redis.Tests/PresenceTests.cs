namespace Serverless.Redis.Tests;

[Collection(nameof(RedisFixture))]
public sealed class PresenceTests(RedisFixture redis, Pair pair) : IClassFixture<Pair>
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_heartbeat_costs_storage_nothing_but_once_a_minute_whichever_instance_hears_it()
    {
        var session = await LoginAsync();
        await Eventually.TrueAsync(async () =>
        {
            await ConfirmAsync(session);
            var recorded = 0;
            while (recorded < 20 && await RecordAsync(recorded % 2 == 0 ? pair.One : pair.Other, session))
                recorded++;
            return recorded == 20;
        });
        Assert.Equal(0, pair.Presences);

        await ConfirmedAgoAsync(session, RedisPresence.Confirmation);
        Assert.False(await RecordAsync(pair.Other, session));
        Assert.Null(await pair.Other.Service.BeatAsync(session));
        Assert.Equal(1, pair.Presences);
        await Eventually.TrueAsync(() => RecordAsync(pair.One, session));
    }

    [Fact]
    public async Task A_page_of_users_is_one_call_and_storage_is_asked_for_who_is_not_there()
    {
        List<Session> sessions = [];
        while (sessions.Count < ReadPresence.MaximumUsers - 1)
            sessions.Add(await LoginAsync());
        await Task.WhenAll(sessions.Select(ConfirmAsync));
        pair.Presences = 0;
        var absent = UserId.New(DateTimeOffset.UtcNow);
        var found = await pair.Other.Service.ReadPresence.ExecuteAsync([.. sessions.Select(session => session.UserId), absent], default);
        Assert.All(found.SkipLast(1), user => Assert.True(user is { Online: true, IsActive: true, LastSeenAt: not null }));
        Assert.False(found[^1].Online);
        Assert.Equal(1, pair.Presences);
    }

    [Fact]
    public async Task A_session_that_ended_is_neither_heard_nor_seen_any_more()
    {
        var session = await LoginAsync();
        await ConfirmAsync(session);
        await pair.One.Service.LogoutAsync(session);
        await Eventually.TrueAsync(async () => !await RecordAsync(pair.Other, session));
        Assert.Equal(EndReason.Logout, await pair.Other.Service.BeatAsync(session));
        Assert.False(Assert.Single(await pair.Other.Service.ReadPresence.ExecuteAsync([session.UserId], default)).Online);
        // One that storage confirmed before the end, and that arrives only now.
        pair.Other.Presence.Confirm(session.UserId, session.Id, DateTimeOffset.UtcNow, isActive: true, Window);
        await Task.Delay(50);
        Assert.False(await RecordAsync(pair.Other, session));
    }

    [Fact]
    public async Task Of_several_sessions_the_latest_counts_and_old_ones_are_forgotten()
    {
        var session = await LoginAsync();
        await ConfirmAsync(session, isActive: false);
        var key = pair.One.Keys.Presence(session.UserId);
        var old = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds();
        await redis.Database.HashSetAsync(key, [.. Enumerable.Range(0, 40).Select(number => new HashEntry($"{number}", $"{old} {old} {old}"))]);
        Assert.True(Assert.Single(await pair.One.Service.ReadPresence.ExecuteAsync([session.UserId], default)) is { Online: true, IsActive: false });
        await ConfirmAsync(session, isActive: false);
        Assert.Equal(1, await redis.Database.HashLengthAsync(key));
        Assert.True(await redis.Database.KeyTimeToLiveAsync(key) <= Window);
    }

    [Fact]
    public async Task A_user_is_counted_once_by_all_instances_for_as_long_as_a_heartbeat_counts()
    {
        await redis.Database.KeyDeleteAsync(pair.One.Keys.Online);
        var (one, two) = (await LoginAsync(), await LoginAsync());
        foreach (var session in (Session[])[one, two])
            await ConfirmAsync(session);
        await ConfirmAsync(pair.Other, one);
        await Eventually.TrueAsync(async () => await pair.Other.Presence.CountOnlineAsync(Window, default) == 2);
        Assert.Equal(2, (await pair.One.Service.LiveStatistics.ExecuteAsync(default))?.OnlineUsers);

        var old = DateTimeOffset.UtcNow.AddSeconds(-11).ToUnixTimeMilliseconds();
        await redis.Database.SortedSetAddAsync(pair.One.Keys.Online, $"{two.UserId}", old);
        Assert.Equal(1, await pair.One.Presence.CountOnlineAsync(Window, default));
        await ConfirmAsync(pair.One, one);
        await Eventually.TrueAsync(async () => await redis.Database.SortedSetLengthAsync(pair.One.Keys.Online) == 1);
        Assert.True(await redis.Database.KeyTimeToLiveAsync(pair.One.Keys.Online) <= Window);

        await redis.Database.StringSetAsync(pair.One.Keys.Online, "of another type");
        Assert.Null(await pair.One.Presence.CountOnlineAsync(Window, default));
        await redis.Database.KeyDeleteAsync(pair.One.Keys.Online);
    }

    [Fact]
    public async Task What_a_stranger_wrote_is_ignored()
    {
        var session = await LoginAsync();
        var key = pair.One.Keys.Presence(session.UserId);
        var future = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        await redis.Database.HashSetAsync(
            key, [new($"{session.Id}", "nonsense"), new("x", "1 2 3 4"), new("y", "99999999999999999 0 0"), new("z", $"{future} 0 0"), new("", "")]);
        Assert.False(await RecordAsync(pair.One, session));
        Assert.Null((await pair.One.Presence.FindAsync([session.UserId], default))[0]);
        await redis.Database.HashSetAsync(key, $"{session.Id}", $"{future} 0 {future}");
        Assert.False(await RecordAsync(pair.One, session));
        Assert.Null(await pair.One.Service.BeatAsync(session));
        await redis.Database.KeyDeleteAsync(key);
        await redis.Database.StringSetAsync(key, "of another type");
        Assert.False(await RecordAsync(pair.One, session));
        Assert.Null((await pair.One.Presence.FindAsync([session.UserId], default))[0]);
    }

    private async Task<Session> LoginAsync()
    {
        var session = (await pair.One.Service.LoginAsync()).Session;
        pair.Presences = 0;
        return session;
    }

    private async Task ConfirmAsync(Session session) => await ConfirmAsync(session, isActive: true);

    private Task ConfirmAsync(Session session, bool isActive) => ConfirmAsync(pair.One, session, isActive);

    // Again where a beat that was too late, on a busy machine, has made what was confirmed before uncertain.
    private static Task ConfirmAsync(Instance instance, Session session, bool isActive = false) => Eventually.TrueAsync(() =>
    {
        instance.Presence.Confirm(session.UserId, session.Id, DateTimeOffset.UtcNow, isActive, Window);
        return RecordAsync(instance, session, isActive);
    });

    private async Task ConfirmedAgoAsync(Session session, TimeSpan age)
    {
        var key = pair.One.Keys.Presence(session.UserId);
        var fields = $"{await redis.Database.HashGetAsync(key, $"{session.Id}")}".Split(' ');
        var before = long.Parse(fields[2], CultureInfo.InvariantCulture) - (long)age.TotalMilliseconds;
        await redis.Database.HashSetAsync(key, $"{session.Id}", $"{fields[0]} {fields[1]} {before}");
    }

    private static async Task<bool> RecordAsync(Instance instance, Session session, bool isActive = false) =>
        await instance.Presence.TryRecordAsync(session.UserId, session.Id, DateTimeOffset.UtcNow, isActive, Window, default);
}
