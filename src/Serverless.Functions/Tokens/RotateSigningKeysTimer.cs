namespace Serverless.Functions.Tokens;

public sealed class RotateSigningKeysTimer(RotateKeys rotate, ILogger<RotateSigningKeysTimer> log)
{
    [Function("RotateSigningKeys")]
    public async Task RunAsync([TimerTrigger("%RotateSigningKeysSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await rotate.ExecuteAsync(cancellationToken);
        log.KeysRotated(
            report.SigningAdded, report.SigningRemoved, report.MacAdded, report.MacRemoved, report.AuditAdded, report.Unreadable);
    }
}
