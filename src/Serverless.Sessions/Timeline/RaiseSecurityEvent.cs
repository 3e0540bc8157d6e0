using Microsoft.Extensions.Logging;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Timeline;

/// <summary>Puts a security event on record and, where there is a receiver, on its way there: both in one write.</summary>
public sealed class RaiseSecurityEvent(ISecurityEventStore store, ILogger<RaiseSecurityEvent> log, IWebhook? webhook = null)
{
    /// <summary>Raises it. Doing it twice is doing it once, but for the log.</summary>
    /// <returns>False where it was on record already.</returns>
    public Task<bool> ExecuteAsync(SecurityEvent raised, CancellationToken cancellationToken)
    {
        // It is told before it is written: should the run end between the two, the next one tells it again.
        Tell(raised);
        return store.TryAddAsync(raised with { Delivery = webhook is null ? null : DeliveryState.Pending }, cancellationToken);
    }

    // A lock, a reuse and a flag are told of when they happen.
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
