namespace Serverless.Functions;

/// <summary>Reads the key ring beside the start of the app, and makes it on the first start of all, so that the first request
/// doesn't wait for it. If storage can't be reached yet, the first request that needs the ring tries again.</summary>
internal sealed class WarmUp(KeyRingSource keys, ILogger<WarmUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await keys.GetAsync(stoppingToken);
        }
        catch (StorageUnavailableException exception)
        {
            log.KeysNotReady(exception.Message);
        }
    }
}
