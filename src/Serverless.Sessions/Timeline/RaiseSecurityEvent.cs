namespace Serverless.Sessions.Timeline;

/// <summary>Records a security event and, if there is a webhook, schedules its delivery in the same write.</summary>
public sealed class RaiseSecurityEvent(ISecurityEventStore store, ILogger<RaiseSecurityEvent> log, IWebhook? webhook = null)
{
    /// <summary>Returns false if the event was already recorded.</summary>
    public Task<bool> ExecuteAsync(SecurityEvent raised, CancellationToken cancellationToken)
    {
        // Logged before it is written, so a crash in between logs it twice rather than never. Locks, reuses and flags are logged
        // when they happen.
        var (kind, user, evidence) = (raised.Kind, $"{raised.UserId}", raised.Evidence);
        var minutes = (int)(evidence?.Window ?? default).TotalMinutes;
        if (kind == SecurityEventKind.NewDevice)
            log.NewDevice($"{raised.SessionId}", user, MaskedAddress.Of(raised.AddressGroup));
        if (kind == SecurityEventKind.LoginBurst && evidence is not null)
            log.LoginBurst(user, evidence.Count, minutes, evidence.DistinctAddresses);
        if (kind == SecurityEventKind.FailedLoginBurst && evidence is not null)
            log.FailedLoginBurst(user, evidence.Count, minutes, evidence.DistinctAddresses);
        return store.TryAddAsync(raised with { Delivery = webhook is null ? null : DeliveryState.Pending }, cancellationToken);
    }
}
