namespace Serverless.Redis.Tests;

[Collection(nameof(RedisFixture))]
public sealed class SharedCacheTests(RedisFixture redis, Pair pair) : IClassFixture<Pair>
{
    private Instance One => pair.One;
    private Instance Other => pair.Other;

    [Fact]
    public async Task What_one_instance_read_no_other_reads_again()
    {
        var session = await LoginAsync();
        var first = await CheckAsync(One, session);
        await KeptAsync(session);
        var second = await CheckAsync(Other, session);
        Assert.Equal(1, pair.Reads);
        Assert.Equivalent(first with { Push = null, Audit = default }, second, strict: true);
    }

    [Fact]
    public async Task An_end_is_known_everywhere_at_once_and_nothing_older_comes_back()
    {
        var session = await LoginAsync();
        await CheckAsync(One, session);
        await CheckAsync(Other, session);
        await KeptAsync(session);
        var before = await redis.Database.StringGetAsync(One.Keys.Session(session.Id));
        await One.Service.LogoutAsync(session);
        await EndedAsync(Other, session);

        // An instance that read before the end and fills only now.
        Other.Shared.Keep(session.Id, (byte[])before!, Pair.Lifetime);
        await Task.Delay(50);
        Assert.Null(await One.Shared.FindAsync(session.Id, default));
        // A value from before that is put there by others loses to the mark of the end.
        await redis.Database.StringSetAsync(One.Keys.Session(session.Id), before);
        Assert.Null(await One.Shared.FindAsync(session.Id, default));
        Assert.IsType<CheckSessionResult.Ended>(await Other.Service.CheckAsync(session));
    }

    [Fact]
    public async Task The_mark_of_an_end_outlives_every_access_token()
    {
        var session = await LoginAsync();
        await One.Service.LogoutAsync(session);
        await Eventually.TrueAsync(() => redis.Database.KeyExistsAsync(One.Keys.End(session.Id)));
        var left = await redis.Database.KeyTimeToLiveAsync(One.Keys.End(session.Id));
        Assert.InRange(left!.Value, TokenOptions.LongestLifetime - TimeSpan.FromMinutes(1), TokenOptions.LongestLifetime);
    }

    [Fact]
    public async Task Whoever_reads_while_an_end_is_written_keeps_nothing_also_if_its_writer_dies()
    {
        var session = await LoginAsync();
        await CheckAsync(Other, session);
        var told = new TaskCompletionSource();
        Other.Shared.Told += (id, _) =>
        {
            if (id == session.Id)
                told.TrySetResult();
        };
        // The other reads between the news and the write, whose news after it never come.
        One.Service.Cache.BeginEnding(session.Id);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(15));
        pair.Reads = 0;
        await CheckAsync(Other, session);
        await CheckAsync(Other, session);
        Assert.Equal(2, pair.Reads);
        Assert.Equal("", await redis.Database.StringGetAsync(One.Keys.Session(session.Id)));
    }

    [Fact]
    public async Task A_refresh_is_known_everywhere_and_a_reading_from_before_is_not_shared()
    {
        var started = await One.Service.LoginAsync();
        var session = started.Session;
        await CheckAsync(Other, session);
        var before = SharedSessionCodec.Write(session, DateTimeOffset.UtcNow, await One.Service.Keys.GetAsync(default), DateTimeOffset.UtcNow)!;
        await One.Service.RefreshAsync(started.Tokens.RefreshText);
        await Eventually.TrueAsync(async () => (await CheckAsync(Other, session)).Generation == 1);
        One.Shared.Keep(session.Id, before, Pair.Lifetime);
        await Task.Delay(50);
        Assert.Null(await One.Shared.FindAsync(session.Id, default));
    }

    // On a machine that is too busy for a beat in time, the entry is rightly read again.
    [Fact]
    [Trait("Run", "nightly")]
    public async Task An_instance_that_hears_all_others_keeps_an_entry_beyond_the_setting()
    {
        var session = await LoginAsync();
        await CheckAsync(One, session);
        await Task.Delay(Pair.Lifetime + TimeSpan.FromSeconds(0.5));
        await CheckAsync(One, session);
        Assert.Equal(1, pair.Reads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("changed")]
    [InlineData("of another session")]
    [InlineData("replayed")]
    [InlineData("of the future")]
    [InlineData("too long")]
    [InlineData("of another type")]
    public async Task What_a_stranger_wrote_is_ignored(string kind)
    {
        var session = await LoginAsync();
        var ring = await One.Service.Keys.GetAsync(default);
        var now = DateTimeOffset.UtcNow;
        byte[] Value(Session of, DateTimeOffset readAt) => SharedSessionCodec.Write(of, readAt, ring, now)!;
        var value = kind switch
        {
            "changed" => Value(session with { Roles = ["admin"] }, now),
            "of another session" => Value(session with { Id = SessionId.New() }, now),
            "replayed" => Value(session, now - Pair.Lifetime),
            "of the future" => Value(session, now + TimeSpan.FromMinutes(1)),
            "too long" => new byte[1_000_000],
            _ => Encoding.UTF8.GetBytes(kind),
        };
        if (kind == "changed")
            value[^40] ^= 1;
        if (kind == "of another type")
            await redis.Database.ListRightPushAsync(One.Keys.Session(session.Id), "item");
        else
            await redis.Database.StringSetAsync(One.Keys.Session(session.Id), value);
        Assert.Equal(session.Roles, (await CheckAsync(One, session)).Roles);
        Assert.Equal(1, pair.Reads);
    }

    [Fact]
    public async Task News_of_strangers_do_no_harm()
    {
        var session = await LoginAsync();
        await CheckAsync(One, session);
        foreach (var text in new[] { "", "b", "b x y z", "d 0123456789abcdef", $"d 0123456789abcdef {new string('f', 1000)}", "b 0123456789abcdef 1 1 99999999999999999", "\0" })
            await redis.Subscriber.PublishAsync(One.Keys.News, text);
        await redis.Subscriber.PublishAsync(One.Keys.News, $"d 0123456789abcdef {session.Id}");
        // It is only read again.
        await Eventually.TrueAsync(async () =>
        {
            await CheckAsync(One, session);
            return pair.Reads == 2;
        });
    }

    private async Task<Session> LoginAsync()
    {
        var session = (await One.Service.LoginAsync()).Session;
        pair.Reads = 0;
        return session;
    }

    private static async Task<Session> CheckAsync(Instance instance, Session session) =>
        Assert.IsType<CheckSessionResult.Valid>(await instance.Service.CheckAsync(session)).Session;

    private static Task EndedAsync(Instance instance, Session session) =>
        Eventually.TrueAsync(async () => await instance.Service.CheckAsync(session) is CheckSessionResult.Ended, seconds: 1);

    private Task KeptAsync(Session session) => Eventually.TrueAsync(() => redis.Database.KeyExistsAsync(One.Keys.Session(session.Id)));
}
