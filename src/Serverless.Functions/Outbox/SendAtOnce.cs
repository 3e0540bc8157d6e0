namespace Serverless.Functions.Outbox;

/// <summary>Sends what this instance promised, right after the answer. What fails here is left to the timer, but for farewells, which are
/// stored nowhere.</summary>
internal sealed class SendAtOnce(OutboxQueue queue, SendOutbox send, Farewells farewells, ILogger<SendAtOnce> log) : BackgroundService
{
    // A slow receiver must not hold up the messages of another channel.
    private const int MostAtOnce = 4;

    // A stop waits for the answers, for as long as the host lets it, or the messages would be sent again.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        SendAllAsync(
            queue.ReadAllAsync(stoppingToken), due => send.TryAsync(due, CancellationToken.None),
            (due, why) => log.NotSentAtOnce($"{due.Id:N}", why), stoppingToken),
        SendAllAsync(
            farewells.ReadAllAsync(stoppingToken), farewell => farewells.SendAsync(farewell, CancellationToken.None),
            (_, why) => log.FarewellLost(why), stoppingToken));

    private static Task SendAllAsync<T>(
        IAsyncEnumerable<T> messages, Func<T, Task> sendAsync, Action<T, string> report, CancellationToken stoppingToken) =>
        Parallel.ForEachAsync(
            messages,
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stoppingToken },
            async (message, _) =>
            {
                try
                {
                    await sendAsync(message);
                }
                catch (Exception exception)
                {
                    // An exception that leaves this method would stop the app.
                    report(message, exception.GetType().Name);
                }
            });
}
