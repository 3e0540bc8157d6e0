namespace Serverless.Sessions.Mailbox;

/// <summary>Both participants keep an identical copy.</summary>
public sealed record Message
{
    public required UserId From { get; init; }

    public required UserId To { get; init; }

    /// <summary>In the conversation, without gaps; assigned by the server, independent of clocks.</summary>
    public required int Number { get; init; }

    /// <summary>Among its sender's messages; the number of unread messages derives from it.</summary>
    public required int NumberOfSender { get; init; }

    /// <summary>Never before the previous message, whatever the clocks of instances.</summary>
    public required DateTimeOffset SentAt { get; init; }

    public required string Body { get; init; }

    /// <summary>How many messages of a participant are up to this one.</summary>
    public int CountOf(UserId participant) => participant == From ? NumberOfSender : Number - NumberOfSender;
}

/// <summary>A sender's idempotency key for one message (draft-ietf-httpapi-idempotency-key-header), scoped to one sender and one
/// recipient and kept as long as the message.</summary>
public readonly record struct MessageKey(string Value)
{
    /// <summary>Fewer can't be unique.</summary>
    public const int MinimumLength = 8;

    public const int MaximumLength = 128;

    public static MessageKey Of(UserId from, UserId to, string idempotencyKey) =>
        new(Digest.HexOf($"{from}{to}{idempotencyKey}"));

    public static bool TryParse(ReadOnlySpan<char> text, out MessageKey key)
    {
        key = new(text.ToString());
        return HexDigits.Are(text, 32);
    }

    public override string ToString() => Value;
}
