using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;

namespace Serverless.Functions.Mailbox;

/// <summary>GET messages/conversations, and POST messages/read</summary>
public sealed class Conversations(
    IMailboxStore mailbox, MarkMessagesRead markMessagesRead, Callers callers, IOptions<MailboxOptions> options)
{
    /// <summary>GET: all conversations of the caller, the one with the newest message first.</summary>
    [Function("ListConversations")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "messages/conversations")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, _, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        if (token is null)
            return await request.ReplyAsync(problem!);
        var conversations = await mailbox.ListConversationsAsync(token.UserId, cancellationToken)
            .ToListAsync(cancellationToken);
        return await request.ReplyPollAsync(
            ConversationsBody.Of(conversations, options.Value), WireJson.Default.ConversationsBody);
    }

    /// <summary>POST: the caller has read a conversation up to a message.</summary>
    [Function("MarkMessagesRead")]
    public async Task<HttpResponseData> MarkReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "messages/read")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, _, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        if (token is null)
            return await request.ReplyAsync(problem!);
        (var body, problem) = await RequestBody.ReadAsync(request, WireJson.Default.ReadRequestBody, cancellationToken);
        problem ??= body!.Check(token.UserId);
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var read = await markMessagesRead.ExecuteAsync(
            token.UserId, UserField.Read(body!.With), body.UpTo!.Value, cancellationToken);
        return read is null
            ? await request.ReplyAsync(new Problem(ProblemCode.NotFound, "You have no message of this number with this user."))
            : request.Empty(HttpStatusCode.NoContent);
    }
}

/// <summary>What marking as read asks.</summary>
internal sealed record ReadRequestBody(string? With, int? UpTo)
{
    public Problem? Check(UserId caller) =>
        UserField.Check(With, "with", caller) is { } problem ? problem
        : UpTo is null ? Problem.InvalidField("upTo", "is missing.")
        : UpTo < 1 ? Problem.InvalidField("upTo", "must be the number of a message.")
        : null;
}

/// <summary>All conversations of a user on the wire.</summary>
internal sealed record ConversationsBody(IReadOnlyList<ConversationBody> Conversations, int Unread, int NextPollMs)
{
    public static ConversationsBody Of(IReadOnlyList<Conversation> conversations, MailboxOptions options) => new(
        [.. conversations.OrderByDescending(each => each.LastAt).Select(ConversationBody.Of)],
        conversations.Sum(each => each.Unread),
        (int)options.PollInterval.TotalMilliseconds);
}

/// <summary>A conversation on the wire.</summary>
internal sealed record ConversationBody(string With, int Last, DateTimeOffset LastAt, int ReadUpTo, int Unread)
{
    public static ConversationBody Of(Conversation conversation) => new(
        conversation.Other.ToString(), conversation.Last, conversation.LastAt, conversation.ReadUpTo, conversation.Unread);
}
