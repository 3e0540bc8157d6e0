using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;

namespace Serverless.Sessions.Tests.Mailbox;

/// <summary>A mailbox whose calls wait until a test lets them through, one by one and in the order that the test chooses: so
/// what several instances do at the same time happens in any order that it could happen in, and can be repeated.</summary>
internal sealed class SteppedMailbox(IMailboxStore inner) : IMailboxStore
{
    private readonly List<TaskCompletionSource<Fate>> _waiting = [];

    public int Waiting => _waiting.Count;

    /// <summary>Lets one of the waiting calls through; all that follows up to the next calls happens before this returns.</summary>
    public void LetThrough(int which, Fate fate)
    {
        var call = _waiting[which % _waiting.Count];
        _waiting.Remove(call);
        call.SetResult(fate);
    }

    public Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(UserId user, int after, int limit, CancellationToken cancellationToken) =>
        AfterTurnAsync(() => inner.ReadNoticesAsync(user, after, limit, cancellationToken));

    public Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken) =>
        AfterTurnAsync(() => inner.FindConversationAsync(owner, other, cancellationToken));

    public IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken) =>
        inner.ListConversationsAsync(owner, cancellationToken);

    public Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken) =>
        AfterTurnAsync(() => inner.ReadMessagesAsync(conversation, first, last, limit, cancellationToken));

    public Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken) =>
        AfterTurnAsync(() => inner.FindMessageAsync(main, key, cancellationToken));

    public Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken) =>
        AfterTurnAsync(() => inner.TrySaveAsync(changed, added, key, cancellationToken));

    private async Task<T> AfterTurnAsync<T>(Func<Task<T>> call)
    {
        var turn = new TaskCompletionSource<Fate>();
        _waiting.Add(turn);
        var fate = await turn.Task.ConfigureAwait(false);
        if (fate == Fate.NeverArrives)
            throw new StorageUnavailableException("The call never arrived.");
        var result = await call().ConfigureAwait(false);
        return fate == Fate.ReplyIsLost ? throw new StorageUnavailableException("The reply was lost.") : result;
    }
}

/// <summary>What becomes of a call to storage.</summary>
internal enum Fate
{
    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>It does nothing.</summary>
    NeverArrives,

    /// <summary>It is carried out, and nobody hears of it.</summary>
    ReplyIsLost,
}
