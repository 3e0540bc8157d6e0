
namespace Serverless.Redis;

/// <summary>The connection that all share. A call takes 50 ms at most and never throws; after a few failures in a row nothing is asked
/// any more until a probe, once a second, is answered.</summary>
internal sealed class RedisConnection(IOptions<RedisOptions> options, TimeProvider clock, ILogger<RedisConnection> log) : IAsyncDisposable
{
    // In a row, after which the breaker opens.
    private const int MostFailures = 5;

    // Calls under way that nobody waits for.
    private const int MostPosted = 1_000;

    private readonly RedisIdentity? _identity = options.Value.Endpoint.Length > 0 ? RedisIdentity.OfApp() : null;
    private volatile ConnectionMultiplexer? _redis;
    private int _failures = MostFailures;
    private int _posted;
    private bool? _wasAvailable;
    private string _why = "not connected yet";

    /// <summary>Raised when the connection was lost or is back.</summary>
    public event Action? Interrupted;

    /// <summary>How long a call may take.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(50);

    public bool IsAvailable => _redis is not null && Volatile.Read(ref _failures) < MostFailures;

    /// <summary>Connects and subscribes, or renews the login. Throws what Redis and the identity's provider throw.</summary>
    public async Task PrepareAsync(RedisChannel channel, Action<string> hear, CancellationToken cancellationToken)
    {
        var isRenewed = await TryRenewAsync(cancellationToken);
        if (_redis is not { } redis)
            _redis = await ConnectAsync(channel, hear);
        else if (isRenewed)
            await redis.GetDatabase().ExecuteAsync("AUTH", _identity!.User!, _identity.Password!).WaitAsync(cancellationToken);
    }

    /// <summary>Returns whether there was an answer, and the answer.</summary>
    public async ValueTask<(bool IsAnswered, T? Value)> AskAsync<T>(Func<IDatabase, Task<T>> call, bool probes = false)
    {
        if (_redis is not { } redis || (!probes && Volatile.Read(ref _failures) >= MostFailures))
            return default;
        Task<T>? running = null;
        try
        {
            running = call(redis.GetDatabase());
            var value = await running.WaitAsync(Longest, clock);
            if (Volatile.Read(ref _failures) > 0)
                Interlocked.Exchange(ref _failures, 0);
            return (true, value);
        }
        // The client fails in many ways, not all of them a RedisException, and none concerns the caller.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Interlocked.Increment(ref _failures);
            _why = exception is TimeoutException ? $"no answer in {Longest.TotalMilliseconds} ms" : exception.Message;
            // Observes what comes later.
            _ = running?.ContinueWith(
                late => late.Exception, default,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return default;
        }
    }

    /// <summary>Starts a call that nobody waits for; <paramref name="onLost"/> is for one that may not have happened.</summary>
    public void Post<T>(Func<IDatabase, Task<T>> call, Action<T>? onAnswer = null, Action? onLost = null)
    {
        if (Interlocked.Increment(ref _posted) > MostPosted)
        {
            Interlocked.Decrement(ref _posted);
            onLost?.Invoke();
            return;
        }

        _ = RunAsync();

        async Task RunAsync()
        {
            var (isAnswered, value) = await AskAsync(call);
            Interlocked.Decrement(ref _posted);
            if (isAnswered)
                onAnswer?.Invoke(value!);
            else
                onLost?.Invoke();
        }
    }

    /// <summary>Logs once that it is gone, and that it is back.</summary>
    public void Report()
    {
        if (IsAvailable == _wasAvailable)
            return;
        _wasAvailable = IsAvailable;
        if (IsAvailable)
            log.RedisAvailable();
        else
            log.RedisUnavailable(_why);
    }

    public void Explain(string why) => _why = why;

    /// <summary>The next <see cref="PrepareAsync"/> connects anew.</summary>
    public async ValueTask DisconnectAsync()
    {
        if (Interlocked.Exchange(ref _redis, null) is { } redis)
            await redis.DisposeAsync();
    }

    public ValueTask DisposeAsync() => DisconnectAsync();

    private async Task<ConnectionMultiplexer> ConnectAsync(RedisChannel channel, Action<string> hear)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(RedisAddress.Read(options.Value, _identity));
        try
        {
            redis.ConnectionFailed += (_, lost) => Interrupt($"{lost.FailureType}");
            redis.ConnectionRestored += (_, _) => Interrupt("reconnected");
            // One after the other, in order.
            (await redis.GetSubscriber().SubscribeAsync(channel)).OnMessage(message => hear($"{message.Message}"));
            return redis;
        }
        catch
        {
            // The queue of a subscription that failed would fill, and nobody read it.
            await redis.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _identity is not null && await _identity.TryRenewAsync(clock.GetUtcNow(), cancellationToken);
        }
        // The present login still holds for minutes.
        catch (Exception exception) when (_redis is not null && !cancellationToken.IsCancellationRequested)
        {
            _why = exception.Message;
            return false;
        }
    }

    private void Interrupt(string why)
    {
        _why = why;
        Interrupted?.Invoke();
    }
}
