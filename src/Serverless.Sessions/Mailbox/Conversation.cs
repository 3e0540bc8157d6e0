using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Mailbox;

/// <summary>
/// What two users write to each other, as one of them keeps it. Messages are numbered in the copy of one of the two, the
/// <see cref="IsMain">main</see> one, and brought over to the other in their order: so both have the same, neither ever has a gap,
/// and who answers a message gets a higher number, whatever the clocks of instances say.
/// </summary>
public sealed record Conversation
{
    /// <summary>Whose copy it is.</summary>
    public required UserId Owner { get; init; }

    /// <summary>The other participant.</summary>
    public required UserId Other { get; init; }

    /// <summary>The number of the last message; 0 where there is none.</summary>
    public int Last { get; init; }

    /// <summary>When that one was sent.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>How many of the messages the owner sent.</summary>
    public int Sent { get; init; }

    /// <summary>The number of the message up to which the owner has read.</summary>
    public int ReadUpTo { get; init; }

    /// <summary>How many of the other's messages are among those.</summary>
    public int Read { get; init; }

    /// <summary>Whether retention has the copy filed, as it has while there are messages; null in a row from before this stood there.</summary>
    public bool? Filed { get; init; }

    /// <summary>The state of the row that this was read from; null where there is none yet.</summary>
    public RowVersion? Version { get; init; }

    /// <summary>Whether it has no messages, or has none any more.</summary>
    public bool IsEmpty => Last == 0 || Filed == false;

    /// <summary>How many of the other's messages the owner hasn't read.</summary>
    public int Unread => Last - Sent - Read;

    /// <summary>Whether messages get their numbers in this copy: in that of the user whose id comes first.</summary>
    public bool IsMain => string.CompareOrdinal(Owner.ToString(), Other.ToString()) < 0;

    /// <summary>The next message of one of the two.</summary>
    public Message Next(UserId from, string body, DateTimeOffset now) => new()
    {
        From = from,
        To = from == Owner ? Other : Owner,
        Number = Last + 1,
        NumberOfSender = (from == Owner ? Sent : Last - Sent) + 1,
        SentAt = now > LastAt ? now : LastAt,
        Body = body,
    };

    /// <summary>The conversation with messages at its end, of which the last is given. Whoever adds them has filed it.</summary>
    public Conversation UpTo(Message last)
    {
        return this with { Last = last.Number, LastAt = last.SentAt, Sent = last.CountOf(Owner), Filed = true };
    }

    /// <summary>The conversation once its owner has read up to a message.</summary>
    /// <param name="number">The message.</param>
    /// <param name="received">How many of the other's messages there are up to it.</param>
    public Conversation MarkRead(int number, int received) => this with { ReadUpTo = number, Read = received };

    /// <summary>The conversation once retention has removed all of its messages: whoever writes next files it, and none waits to be read.</summary>
    public Conversation Emptied() => MarkRead(Last, Last - Sent) with { Filed = false };
}
