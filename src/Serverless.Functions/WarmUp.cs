namespace Serverless.Functions;

/// <summary>Reads the routes and the key ring in the background, creates it at the very first start, and loads the library for passwords
/// and the database of locations, so that the first request doesn't wait for them. If storage can't be reached yet, the first request that
/// needs the ring tries again.</summary>
internal sealed class WarmUp(KeyRingSource keys, IServiceProvider services, ILogger<WarmUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = RouteTable.HttpFunctions;
        // Not injected: whatever a hosted service needs is made before the host starts.
        if (services.GetRequiredService<PasswordHashing>().WhyNoArgon2 is { } why)
            log.Argon2Unavailable(why);
        try
        {
            await keys.GetAsync(stoppingToken);
        }
        catch (StorageUnavailableException exception)
        {
            log.KeysNotReady(exception.Message);
        }

        services.GetRequiredService<LocationDatabase>().Load();
    }
}
