namespace Serverless.Sessions.Push;

/// <summary>Not registered if push is off.</summary>
public interface IPushSender
{
    /// <summary>Repeatable: a browser may show a message twice. <see cref="SendOutcome.Refused"/> means that the subscription is
    /// gone.</summary>
    /// <param name="subscription">Where to.</param>
    /// <param name="message">What to show.</param>
    /// <param name="keptFor">How long the push service keeps it for a device that is off.</param>
    Task<SendAnswer> SendAsync(
        PushSubscription subscription, PushMessage message, TimeSpan keptFor, CancellationToken cancellationToken);
}

/// <summary>What a device is told. <c>Session</c> and <c>Client</c> are where it happened; null if that isn't known.</summary>
public sealed record PushMessage(AlertKind Kind, DateTimeOffset At, SessionId? Session, ClientInfo? Client);
