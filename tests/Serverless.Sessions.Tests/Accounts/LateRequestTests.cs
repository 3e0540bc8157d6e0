namespace Serverless.Sessions.Tests.Accounts;

/// <summary>Two instances end all sessions of an account while others log in; calls may be reordered, fail, come late or twice.</summary>
public sealed class LateRequestTests
{
    private const int ChangesOfEach = 3;
    private const int Logins = 4;
    private const int LoginsOfEach = 3;

    [Fact]
    public void No_session_from_before_a_change_outlives_it_however_late_requests_arrive()
    {
        var turn =
            from which in Gen.Choose(0, 23)
            from isLate in Gen.Frequency((20, Gen.Constant(false)), (1, Gen.Constant(true)))
            from fate in Gen.Frequency(
                (20, Gen.Constant(Fate.Answered)), (1, Gen.Constant(Fate.NeverArrives)), (1, Gen.Constant(Fate.ReplyIsLost)),
                (1, Gen.Constant(Fate.ArrivesLate)), (7, Gen.Constant(Fate.ArrivesTwice)))
            select (which, isLate, fate);
        // Without a context, what waits for a call goes on in the call.
        Any.Holds(turn.ArrayOf(150), turns => Task.Run(() => RunAsync(turns)).GetAwaiter().GetResult());
    }

    private static async Task RunAsync((int Which, bool IsLate, Fate Fate)[] turns)
    {
        var (stores, storage, clock) = (InMemoryStores.Create(), new SteppedStorage(), new FakeClock());
        using Service whole = new(stores, clock);
        var account = await whole.CreateAccountAsync();
        storage.Repeat(() => stores.Epochs.OpenFirstEpochAsync(account, default));
        var stepped = stores with { Accounts = storage.Around(stores.Accounts), Epochs = storage.Around(stores.Epochs), Sessions = storage.Around(stores.Sessions) };
        using Service first = new(stepped, clock), second = new(stepped, clock);
        await first.Keys.GetAsync(default);
        await second.Keys.GetAsync(default);
        var opened = new Dictionary<SessionId, Ulid>();
        Task[] actors =
        [
            RepeatAsync(ChangesOfEach, () => EndAllAsync(first)), RepeatAsync(ChangesOfEach, () => EndAllAsync(second)),
            .. Enumerable.Range(0, Logins)
                .Select(_ => RepeatAsync(LoginsOfEach, () => LoginAsync(stepped, account, opened, clock))),
        ];
        var had = new HashSet<Ulid>();
        for (var i = 0; storage.Waiting + storage.Late > 0; i++)
        {
            // Behind the generated turns all goes well, one after the other, and the latest requests arrive.
            var (which, isLate, fate) = i < turns.Length ? turns[i] : (0, false, Fate.Answered);
            if (storage.Waiting == 0 || (isLate && storage.Late > 0))
                await storage.ArriveAsync(which);
            else
                storage.LetThrough(which, fate);
            had.Add((await ReadAsync()).Epoch);
        }

        await Task.WhenAll(actors);
        // What died is finished by the timer.
        clock.Advance(TimeSpan.FromMinutes(5));
        await whole.RaiseAlerts.ExecuteAsync(default);
        var now = await ReadAsync();
        Assert.Null(now.PendingChange);
        var open = await stores.Epochs.ListEpochsAsync(account.Id, default);
        Assert.Contains(now.Epoch, open);
        Assert.Equal([now.Epoch], open.Intersect(had));
        var good = (await stores.Sessions.ListAsync(account.Id, default)).Where(each => each.Stored.Session.Ending is null);
        Assert.All(good, each => Assert.Equal(now.Epoch, opened[each.Stored.Session.Id]));

        // And of those that no account ever had, the next change leaves none.
        await EndAllAsync(whole);
        Assert.Equal([(await ReadAsync()).Epoch], await stores.Epochs.ListEpochsAsync(account.Id, default));

        Task EndAllAsync(Service service) => service.EndAllSessions.ExecuteAsync(
            account.Id, account.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default);

        async Task<Account> ReadAsync() => (await stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
    }

    private static async Task RepeatAsync(int times, Func<Task> act)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                await act();
            }
            catch (StorageUnavailableException)
            {
                // It died somewhere between its steps, or all is there and the reply was lost.
            }
        }
    }

    // As a login does it, without the hash, which would leave the order of the calls to the machine.
    private static async Task LoginAsync(Stores stores, Account account, Dictionary<SessionId, Ulid> opened, FakeClock clock)
    {
        var seen = (await stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
        if (seen.PendingChange is not null)
            return;
        var ring = (await stores.Keys.ReadAsync(default))!.Ring;
        var started = Session.Start(seen, Service.Client, remember: false, clock.GetUtcNow(), new());
        var (session, entry) = AuditChain.Begin(started, ring.AuditKeyAt(clock.GetUtcNow()));
        opened.Add(session.Id, seen.Epoch);
        await stores.Sessions.TryOpenAsync(session, seen.Epoch, entry, [], null, default);
    }
}
