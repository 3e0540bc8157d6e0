namespace Serverless.Redis;

/// <summary>Connects in the background, and lets each second all instances, this one included, hear that this one can speak.</summary>
internal sealed class InstanceBeats(
    RedisConnection redis, RedisSessions sessions, Instances instances, RedisKeys keys, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Beats without an echo, after which the subscription is taken for lost: the client renews it once after a reconnect, whether that
    // succeeds or not. Twice as many after each new connection that is as deaf.
    private const int FewestUnheard = 5;
    private const int MostUnheard = 600;

    private int _patience = FewestUnheard;
    private int _unheard;
    private long _heard;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await redis.AskAsync(database => database.ScriptEvaluateAsync(
            RedisScripts.Leave, [keys.Instances], [instances.Own, News.OfLeaving(instances.Own), $"{keys.News}"]));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Interrupted += instances.Interrupt;
        using var timer = new PeriodicTimer(Interval, clock);
        await TryBeatAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryBeatAsync(stoppingToken);
    }

    private async Task TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await redis.PrepareAsync(keys.News, sessions.Hear, cancellationToken);
            await BeatAsync();
        }
        // Connecting, the login and its provider fail in many ways, none of which concerns anyone but the log.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            redis.Explain(exception.Message);
        }

        redis.Report();
    }

    private async Task BeatAsync()
    {
        var news = sessions.NextBeat();
        var (isAnswered, registered) = await redis.AskAsync(
            database => database.ScriptEvaluateAsync(
                RedisScripts.Beat, [keys.Instances],
                [instances.Own, news, $"{keys.News}", (long)Instances.Longest.TotalMilliseconds]),
            probes: true);
        if (!isAnswered)
            return;
        instances.Register([.. ((RedisResult[])registered!).Select(name => $"{name}").Where(News.IsInstance)]);
        var heard = sessions.Echoes;
        (_unheard, _patience) = heard == _heard ? (_unheard + 1, _patience) : (0, FewestUnheard);
        _heard = heard;
        if (_unheard < _patience)
            return;
        (_unheard, _patience) = (0, Math.Min(2 * _patience, MostUnheard));
        redis.Explain("nothing is heard");
        await redis.DisconnectAsync();
    }
}
