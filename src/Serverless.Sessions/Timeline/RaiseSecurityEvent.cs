namespace Serverless.Sessions.Timeline;

/// <summary>Records a security event and, if there is a webhook, schedules its delivery in the same write.</summary>
public sealed class RaiseSecurityEvent(ISecurityEventStore store, ILogger<RaiseSecurityEvent> log, IWebhook? webhook = null)
{
    /// <summary>Returns false if the event was already recorded.</summary>
    public Task<bool> ExecuteAsync(SecurityEvent raised, CancellationToken cancellationToken)
    {
        // Logged before it is written, so a crash in between logs it twice rather than never.
        Tell(raised);
        return store.TryAddAsync(raised with { Delivery = webhook is null ? null : DeliveryState.Pending }, cancellationToken);
    }

    // Locks, reuses and flags are logged when they happen.
    private void Tell(SecurityEvent raised)
    {
        if (raised.Kind == SecurityEventKind.NewDevice)
            log.NewDevice($"{raised.SessionId}", $"{raised.UserId}", MaskedAddress.Of(raised.AddressGroup));
        if (raised is not { Evidence: { } evidence })
            return;
        var minutes = (int)evidence.Window.TotalMinutes;
        if (raised.Kind == SecurityEventKind.LoginBurst)
            log.LoginBurst($"{raised.UserId}", evidence.Count, minutes, evidence.DistinctAddresses);
        if (raised.Kind == SecurityEventKind.FailedLoginBurst)
            log.FailedLoginBurst($"{raised.UserId}", evidence.Count, minutes, evidence.DistinctAddresses);
    }
}
