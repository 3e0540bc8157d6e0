namespace Serverless.Sessions.Mailbox;

/// <summary>One participant's copy of a conversation. Messages get their numbers in the <see cref="IsMain">main</see> copy and
/// are delivered to the other in order, so both have the same messages without gaps, independent of clocks.</summary>
public sealed record Conversation(UserId Owner, UserId Other)
{
    /// <summary>The number of the last message; 0 if there is none.</summary>
    public int Last { get; init; }

    public DateTimeOffset LastAt { get; init; }

    /// <summary>How many messages are the owner's.</summary>
    public int Sent { get; init; }

    public int ReadUpTo { get; init; }

    /// <summary>How many messages of the other participant are up to <see cref="ReadUpTo"/>.</summary>
    public int Read { get; init; }

    /// <summary>Whether the copy is scheduled for retention, as it is while it has messages; null in older rows.</summary>
    public bool? RetentionScheduled { get; init; }

    /// <summary>Null if there is no row yet.</summary>
    public RowVersion? Version { get; init; }

    public bool IsEmpty => Last == 0 || RetentionScheduled == false;

    public int Unread => Last - Sent - Read;

    /// <summary>Whether this is the main copy, which assigns the numbers: that of the user with the lower id.</summary>
    public bool IsMain => string.CompareOrdinal(Owner.ToString(), Other.ToString()) < 0;

    public Message Next(UserId from, string body, DateTimeOffset now) => new(
        from, To: from == Owner ? Other : Owner, Last + 1, (from == Owner ? Sent : Last - Sent) + 1,
        SentAt: now > LastAt ? now : LastAt, body);

    /// <summary>Appends messages up to <paramref name="last"/>; the caller has scheduled the copy for retention.</summary>
    public Conversation UpTo(Message last) =>
        this with { Last = last.Number, LastAt = last.SentAt, Sent = last.CountOf(Owner), RetentionScheduled = true };

    /// <summary>Marks messages as read up to a number, <paramref name="received"/> of them from the other participant.</summary>
    public Conversation MarkRead(int number, int received) => this with { ReadUpTo = number, Read = received };

    /// <summary>The copy after retention removed its last message: all read, and scheduled again by the next message.</summary>
    public Conversation WithoutMessages() => MarkRead(Last, Last - Sent) with { RetentionScheduled = false };
}
