namespace Serverless.Sessions.Timeline;

/// <summary>Not registered if no receiver is configured.</summary>
public interface IWebhook
{
    int MaximumAttempts { get; }

    /// <summary>Receivers deduplicate by the event's id.</summary>
    Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);
}

/// <summary><c>Why</c> is the status or failure, for the log; no secret, and nothing that the receiver wrote.</summary>
public sealed record WebhookAnswer(WebhookOutcome Outcome, string Why, TimeSpan? RetryAfter = null);

/// <summary><c>Failed</c> is rejected for now, <c>Refused</c> for good. <c>Away</c>: the receiver accepts nothing now, since it
/// is down, unreachable, or limits the rate.</summary>
public enum WebhookOutcome { Taken, Failed, Away, Refused }
