namespace Serverless.Sessions.Timeline;

/// <summary>The receiver of security events; not registered if none is configured.</summary>
public interface IWebhook
{
    /// <summary>The most attempts before an event becomes a dead letter.</summary>
    int MaximumAttempts { get; }

    /// <summary>Sends an event. Receivers deduplicate by its id.</summary>
    Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);
}

/// <summary>A receiver's answer to an event.</summary>
/// <param name="Why">The status or the failure, for the log; contains no secret and nothing that the receiver wrote.</param>
public sealed record WebhookAnswer(WebhookOutcome Outcome, string Why)
{
    /// <summary>The wait that the receiver requested for this event; null if it didn't.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Whether a receiver accepted an event.</summary>
public enum WebhookOutcome
{
    /// <summary>Accepted.</summary>
    Taken,

    /// <summary>Rejected for now; a retry may succeed.</summary>
    Failed,

    /// <summary>The receiver accepts nothing now: it is down, unreachable, or limits the rate.</summary>
    Away,

    /// <summary>Rejected for good.</summary>
    Refused,
}
