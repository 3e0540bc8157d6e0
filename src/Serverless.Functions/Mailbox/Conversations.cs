namespace Serverless.Functions.Mailbox;

public sealed class Conversations(IMailboxStore mailbox, MarkMessagesRead markMessagesRead, IOptions<MailboxOptions> options)
{
    [Function("ListConversations")]
    [Operation("Lists my conversations with unread counts, the one with the newest message first.",
        "Made for polling: it changes when a message arrives or is marked as read.")]
    [Answers(200, "All conversations.", typeof(ConversationsBody), Caching = Caching.Poll)]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "messages/conversations")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var conversations = await mailbox.ListConversationsAsync(request.Token().UserId, cancellationToken)
            .OrderByDescending(each => each.LastAt)
            .Select(each => new ConversationBody(each.Other.ToString(), each.Last, each.LastAt, each.ReadUpTo, each.Unread))
            .ToListAsync(cancellationToken);
        var body = new ConversationsBody(
            conversations, conversations.Sum(each => each.Unread), (int)options.Value.PollInterval.TotalMilliseconds);
        return await request.ReplyPollAsync(body, WireJson.Default.ConversationsBody);
    }

    [Function("MarkMessagesRead")]
    [Operation("Marks a conversation as read up to a message.", "Only moves forward: a lower number than before changes nothing.",
        Accepts = typeof(ReadRequestBody))]
    [Answers(204, "Marked.")]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> MarkReadAsync(
        [HttpTrigger(Anonymous, "post", Route = "messages/read")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var user = request.Token().UserId;
        var body = await RequestBody.ReadAsync(request, WireJson.Default.ReadRequestBody, cancellationToken);
        var (with, upTo) = body.Read(user);
        var read = await markMessagesRead.ExecuteAsync(user, with, upTo, cancellationToken);
        return read is null
            ? await request.ReplyAsync(
                new Problem(ProblemCode.NotFound, "Your conversation with this user has no message with this number."))
            : request.Empty(HttpStatusCode.NoContent);
    }
}

internal sealed record ReadRequestBody(
    [Required, RegularExpression(Pattern.UserId), Description("The other participant's user id.")] string? With,
    [Required, Range(1, int.MaxValue), Description("The number of the last message that was read.")] int? UpTo)
{
    public (UserId With, int UpTo) Read(UserId caller) => (UserField.Read(With, "with", caller), UpTo switch
    {
        null => throw ProblemException.InvalidField("upTo", "is missing."),
        < 1 => throw ProblemException.InvalidField("upTo", "must be the number of a message."),
        { } number => number,
    });
}

internal sealed record ConversationsBody(
    IReadOnlyList<ConversationBody> Conversations,
    [Description("Unread messages in all conversations.")] int Unread,
    [Range(1, int.MaxValue), Description(NoticesBody.NextPollMsIs)] int NextPollMs);

[Description("A conversation, without its messages.")]
internal sealed record ConversationBody(
    [RegularExpression(Pattern.UserId), Description("The other participant.")] string With,
    [Range(1, int.MaxValue), Description("The number of its last message.")] int Last,
    [Description("When the last message was sent.")] DateTimeOffset LastAt,
    int ReadUpTo, int Unread);
