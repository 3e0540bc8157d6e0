namespace Serverless.Sessions.Mailbox;

/// <summary>A message from one user to another. Both participants keep an identical copy.</summary>
public sealed record Message
{
    public required UserId From { get; init; }

    public required UserId To { get; init; }

    /// <summary>Sequence number in the conversation, without gaps; assigned by the server, independent of clocks.</summary>
    public required int Number { get; init; }

    /// <summary>Sequence number among its sender's messages; the number of unread messages derives from it.</summary>
    public required int NumberOfSender { get; init; }

    /// <summary>When it was sent; never before the previous message, whatever the clocks of instances.</summary>
    public required DateTimeOffset SentAt { get; init; }

    public required string Body { get; init; }

    /// <summary>How many messages of a participant are up to this one.</summary>
    public int CountOf(UserId participant) => participant == From ? NumberOfSender : Number - NumberOfSender;
}
