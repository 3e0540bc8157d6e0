namespace Serverless.Functions.Outbox;

/// <summary>Sends what this instance promised, right after the answer. What fails here is left to the timer.</summary>
internal sealed class SendAtOnce(OutboxQueue queue, SendOutbox send, ILogger<SendAtOnce> log) : BackgroundService
{
    // A slow receiver must not hold up the messages of another channel.
    private const int MostAtOnce = 4;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        queue.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stoppingToken },
        async (due, _) =>
        {
            try
            {
                // A stop waits for the answer, for as long as the host lets it, or the message would be sent again.
                await send.TryAsync(due, CancellationToken.None);
            }
            catch (Exception exception)
            {
                // An exception that leaves this method would stop the app.
                log.NotSentAtOnce($"{due.Id:N}", exception.GetType().Name);
            }
        });
}
