namespace Serverless.Functions;

/// <summary>Reads the routes and the key ring in the background, and creates it at the very first start, so that the first request doesn't wait for them.
/// If storage can't be reached yet, the first request that needs the ring tries again.</summary>
internal sealed class WarmUp(KeyRingSource keys, ILogger<WarmUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = RouteTable.HttpFunctions;
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
