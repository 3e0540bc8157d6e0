namespace Serverless.Functions.Settings;

/// <summary>Warns of unknown settings, in the background. They may be for a newer version, so they don't stop the app.</summary>
internal sealed class WarnOfUnknownSettings(UnknownSettings unknown, ILogger<WarnOfUnknownSettings> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (name, nearest) in unknown.Find())
            log.SettingUnknown(name, nearest);
        return Task.CompletedTask;
    }
}
