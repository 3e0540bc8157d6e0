namespace Serverless.Sessions.Timeline;

/// <summary>The receiver of security events; where none is configured there is no such service.</summary>
public interface IWebhook
{
    /// <summary>How often an event is sent before it is a dead letter.</summary>
    int MaximumAttempts { get; }

    /// <summary>Sends an event. A receiver knows one that comes again by its id.</summary>
    Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);
}

/// <summary>What a receiver made of an event.</summary>
/// <param name="Outcome">Whether it took it.</param>
/// <param name="Why">What it answered, or why it couldn't be asked; never a secret, and nothing that the receiver wrote.</param>
public sealed record WebhookAnswer(WebhookOutcome Outcome, string Why)
{
    /// <summary>How long it asked to be left alone with this event; null where it didn't.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Whether a receiver took an event.</summary>
public enum WebhookOutcome
{
    /// <summary>It did.</summary>
    Taken,

    /// <summary>It didn't, and may later.</summary>
    Failed,

    /// <summary>It takes nothing now: it is down, out of reach, or wants fewer.</summary>
    Away,

    /// <summary>It never will.</summary>
    Refused,
}
