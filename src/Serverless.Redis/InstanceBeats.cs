namespace Serverless.Redis;

/// <summary>Connects in the background, and lets each second all instances, this one included, hear that this one can speak.</summary>
internal sealed class InstanceBeats(
    RedisConnection redis, RedisSessions sessions, Instances instances, RedisKeys keys, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // In a row, after which the subscription is taken for lost: the client renews it once after a reconnect, whether that succeeds or not.
    private const int MostUnheard = 5;

    private long _heard;
    private int _unheard;

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
        (_unheard, _heard) = (instances.OwnNumber == _heard ? _unheard + 1 : 0, instances.OwnNumber);
        if (_unheard < MostUnheard)
            return;
        _unheard = 0;
        redis.Explain("nothing is heard");
        await redis.DisconnectAsync();
    }
}
