using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Mailbox;

/// <summary>A message from one user to another. Each of the two keeps a copy; both copies say the same.</summary>
public sealed record Message
{
    /// <summary>Who sent it.</summary>
    public required UserId From { get; init; }

    /// <summary>To whom.</summary>
    public required UserId To { get; init; }

    /// <summary>Sequence number in the conversation, without gaps; assigned by the server, independent of clocks.</summary>
    public required int Number { get; init; }

    /// <summary>Sequence number among the messages of its sender; the number of unread messages follows from it.</summary>
    public required int NumberOfSender { get; init; }

    /// <summary>When it was sent; never before the one ahead of it, whatever the clocks of instances say.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>What it says.</summary>
    public required string Body { get; init; }

    /// <summary>How many messages of a participant the conversation has up to this one.</summary>
    public int CountOf(UserId participant) => participant == From ? NumberOfSender : Number - NumberOfSender;
}
