namespace Serverless.Sessions.Mailbox;

/// <summary>One participant's copy of a conversation. Messages get their numbers in the <see cref="IsMain">main</see> copy and
/// are delivered to the other in order, so both have the same messages without gaps, independent of clocks. <c>Last</c> is the
/// number of the last message, or 0; <c>Sent</c> counts the owner's messages and <c>Read</c> those of the other participant up to
/// <c>ReadUpTo</c>; <c>RetentionScheduled</c> is null in older rows, and <c>Version</c> if there is no row yet.</summary>
public sealed record Conversation(
    UserId Owner, UserId Other, int Last = 0, DateTimeOffset LastAt = default, int Sent = 0, int ReadUpTo = 0, int Read = 0,
    bool? RetentionScheduled = null, RowVersion? Version = null)
{
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

    /// <summary><paramref name="received"/> of them are from the other participant.</summary>
    public Conversation MarkRead(int number, int received) => this with { ReadUpTo = number, Read = received };

    /// <summary>The copy after retention removed its last message: all read, and scheduled again by the next message.</summary>
    public Conversation WithoutMessages() => MarkRead(Last, Last - Sent) with { RetentionScheduled = false };
}
