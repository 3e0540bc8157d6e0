namespace Serverless.Sessions.Timeline;

/// <summary>Not registered if no receiver is configured.</summary>
public interface IWebhook
{
    int MaximumAttempts { get; }

    /// <summary>Receivers deduplicate by the event's id.</summary>
    Task<SendAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);
}
