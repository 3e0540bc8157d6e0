namespace Serverless.Sessions.Outbox;

/// <summary>A way to send messages.</summary>
public interface IOutboxChannel
{
    OutboxChannel Name { get; }

    /// <summary>After this many failures a message is given up.</summary>
    int MaximumAttempts { get; }

    /// <summary>Limits the messages of all users that were created in the same hour; null: no limit.</summary>
    int? MaximumPerHour { get; }

    /// <summary>Finds the message that is due; null if nothing is to be sent, yet or any more.</summary>
    Task<IOutboxMessage?> FindAsync(OutboxDue due, CancellationToken cancellationToken);
}

public interface IOutboxMessage
{
    DateTimeOffset ExpiresAt { get; }

    /// <summary>Sent again after a crash, so receivers see a message at least once.</summary>
    Task<SendAnswer> SendAsync(CancellationToken cancellationToken);

    /// <summary>Removes the intent, or records a dead letter. Repeatable.</summary>
    /// <param name="failure">Why the message is given up; null if it was sent.</param>
    Task EndAsync(SendAnswer? failure, CancellationToken cancellationToken);
}

/// <summary><c>Why</c> is the status or failure, for the log; no secret, and nothing that the receiver wrote.</summary>
public sealed record SendAnswer(SendOutcome Outcome, string Why, TimeSpan? RetryAfter = null);

/// <summary><c>Failed</c> is rejected for now, <c>Refused</c> for good. <c>Away</c>: the receiver accepts nothing now, since it
/// is down, unreachable, or limits the rate.</summary>
public enum SendOutcome { Sent, Failed, Away, Refused }
