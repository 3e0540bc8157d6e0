namespace Serverless.Sessions.Tests.Mailbox;

/// <summary>Two users write to each other over instances with clocks an hour apart; calls may be reordered, fail or be repeated.</summary>
public sealed class InterleavingTests
{
    private const int MessagesOfEach = 4;

    [Fact]
    public void In_any_interleaving_both_copies_have_every_message_once_and_in_one_order()
    {
        var turn =
            from which in Gen.Choose(0, 17)
            from fate in Gen.Frequency((8, Gen.Constant(Fate.Answered)), (1, Gen.Constant(Fate.NeverArrives)), (1, Gen.Constant(Fate.ReplyIsLost)))
            select (which, fate);
        // Without a context, what waits for a call goes on in the call.
        Any.Holds(turn.ArrayOf(80), turns => Task.Run(() => RunAsync(turns)).GetAwaiter().GetResult());
    }

    private static async Task RunAsync((int Which, Fate Fate)[] turns)
    {
        var stores = InMemoryStores.Create();
        using var service = new Service(stores, new());
        var (ann, bob) = ((await service.CreateAccountAsync()).Id, (await service.CreateAccountAsync()).Id);
        var storage = new SteppedStorage();
        var mailbox = storage.Around(stores.Mailbox);
        var ahead = new FakeClock();
        ahead.Advance(TimeSpan.FromHours(1));
        using Service first = new(stores with { Mailbox = mailbox }, new()), second = new(stores with { Mailbox = mailbox }, ahead);
        // Each has two devices, and one of them sends each request twice, at the same time and over both instances.
        Task<List<Message>>[] writers =
        [
            WriteAsync(first, stores.Mailbox, ann, bob, "a"), WriteAsync(second, stores.Mailbox, bob, ann, "b"),
            WriteAsync(second, stores.Mailbox, ann, bob, "c"), WriteAsync(first, stores.Mailbox, bob, ann, "d"),
            WriteAsync(second, stores.Mailbox, ann, bob, "a"), WriteAsync(first, stores.Mailbox, bob, ann, "b"),
        ];
        var seen = new Dictionary<UserId, List<Message>> { [ann] = [], [bob] = [] };
        for (var i = 0; storage.Waiting > 0; i++)
        {
            // Behind the generated turns all goes well, one after the other.
            var (which, fate) = i < turns.Length ? turns[i] : (0, Fate.Answered);
            storage.LetThrough(which, fate);
            // A poll never sees a gap, so it never goes past a message that comes later.
            await PollAsync(service, ann, bob, seen[ann]);
            await PollAsync(service, bob, ann, seen[bob]);
        }

        var sent = (await Task.WhenAll(writers)).SelectMany(messages => messages).Distinct().ToList();
        Assert.Equal(4 * MessagesOfEach, sent.Count);
        Assert.Equal(sent.OrderBy(message => message.Number), seen[ann]);
        Assert.Equal(seen[ann], seen[bob]);
        Assert.Equal(seen[ann].Select(message => message.SentAt).Order(), seen[ann].Select(message => message.SentAt));
        Assert.Equal(2 * MessagesOfEach, (await stores.Mailbox.FindConversationAsync(ann, bob, default)).Unread);
        Assert.Equal(2 * MessagesOfEach, (await stores.Mailbox.FindConversationAsync(bob, ann, default)).Unread);
    }

    private static async Task<List<Message>> WriteAsync(Service service, IMailboxStore store, UserId from, UserId to, string name)
    {
        var sent = new List<Message>();
        while (sent.Count < MessagesOfEach)
        {
            // What the writer has seen so far must stand ahead of what it writes now.
            var known = (await store.FindConversationAsync(from, to, default)).Last;
            try
            {
                var result = await service.SendMessage.ExecuteAsync(from, to, $"{name}{sent.Count}", $"key {name}{sent.Count} of mine", default);
                var (message, again) = result switch
                {
                    SendMessageResult.Sent once => (once.Message, false),
                    SendMessageResult.SentBefore before => (before.Message, true),
                    _ => throw new InvalidOperationException($"{result}"),
                };
                Assert.True(again || message.Number > known);
                // Who has an answer knows that the other can read the message.
                Assert.True((await store.FindConversationAsync(to, from, default)).Last >= message.Number);
                sent.Add(message);
            }
            catch (StorageUnavailableException)
            {
                // No answer: the same request again.
            }
        }

        return sent;
    }

    private static async Task PollAsync(Service service, UserId owner, UserId other, List<Message> seen)
    {
        var page = await service.ReadConversation.AfterAsync(owner, other, seen.Count > 0 ? seen[^1].Number : 0, 100, default);
        seen.AddRange(page.Messages);
        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(message => message.Number));
    }
}
