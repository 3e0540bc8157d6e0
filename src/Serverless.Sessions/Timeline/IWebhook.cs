namespace Serverless.Sessions.Timeline;

/// <summary>Not registered if no receiver is configured.</summary>
public interface IWebhook
{
    /// <summary>Before an event becomes a dead letter.</summary>
    int MaximumAttempts { get; }

    /// <summary>Receivers deduplicate by the event's id.</summary>
    Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);
}

/// <summary><c>Why</c> is the status or failure, for the log; no secret, and nothing that the receiver wrote.</summary>
public sealed record WebhookAnswer(WebhookOutcome Outcome, string Why, TimeSpan? RetryAfter = null);

public enum WebhookOutcome
{
    Taken,

    /// <summary>Rejected for now; a retry may succeed.</summary>
    Failed,

    /// <summary>The receiver accepts nothing now: it is down, unreachable, or limits the rate.</summary>
    Away,

    /// <summary>Rejected for good.</summary>
    Refused,
}
