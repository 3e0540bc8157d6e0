namespace Serverless.Sessions.Tests.Storage;

/// <summary>When storage goes down, an operation still awaits all that it started and observes each failure.</summary>
public sealed class ObservedTaskTests : IDisposable
{
    private const int MostCalls = 200;

    private readonly ConcurrentQueue<string> _unobserved = [];

    public ObservedTaskTests() => TaskScheduler.UnobservedTaskException += Note;

    public static TheoryData<string> All { get; } = [.. Operations.Names];

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_operation_leaves_nothing_under_way_and_no_failure_unseen(string operation)
    {
        foreach (var lasting in new[] { true, false })
        {
            var calls = 0;
            while (await MeetsOutageAsync(operation, calls, lasting))
                Assert.True(++calls < MostCalls);
            Collect();
            Assert.True(calls > 0 && _unobserved.IsEmpty, string.Join('\n', _unobserved));
        }
    }

    [Fact]
    public async Task A_heartbeat_that_fails_when_its_caller_has_hung_up_is_no_unseen_failure()
    {
        using var caller = new CancellationTokenSource();
        await HangUpAsync(caller);
        Collect();
        Assert.Empty(_unobserved);
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

    private static async Task<bool> MeetsOutageAsync(string operation, int call, bool lasting)
    {
        var outage = new Outage { IsLasting = lasting };
        using (var service = NewService(outage))
        {
            var run = await Operations.PrepareAsync(service, operation);
            outage.Begins = call;
            var failure = await Xunit.Record.ExceptionAsync(run);
            Assert.True(outage.UnderWay == 0, $"{outage.UnderWay} calls are under way when storage goes down at call {call}.");
            Assert.True(failure is null or StorageUnavailableException, $"{failure}");
        }

        return outage.HasBegun;
    }

    private static async Task HangUpAsync(CancellationTokenSource caller)
    {
        // A busy machine must cancel before the call fails.
        var outage = new Outage { IsLasting = true, Slow = TimeSpan.FromMilliseconds(500) };
        using var service = NewService(outage);
        var session = (await service.LoginAsync()).Session;
        outage.Begins = 0;
        var beat = service.Heartbeat.ExecuteAsync(session.UserId, session.Id, isActive: true, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => beat);
        Assert.True(SpinWait.SpinUntil(() => outage.HasBegun && outage.UnderWay == 0, TimeSpan.FromSeconds(30)));
    }

    private static Service NewService(Outage outage)
    {
        var stores = InMemoryStores.Create();
        return new(
            new(
                outage.Around(stores.Accounts), outage.Around(stores.Emails), outage.Around(stores.Epochs), outage.Around(stores.Sessions), outage.Around(stores.Log),
                outage.Around(stores.Presence), outage.Around(stores.Mailbox), outage.Around(stores.Timeline),
                outage.Around(stores.SuspiciousIps), outage.Around(stores.SecurityEvents),
                outage.Around(stores.Statistics), outage.Around(stores.Retention), outage.Around(stores.Outbox),
                outage.Around(stores.Personal), outage.Around(stores.Passkeys), outage.Around(stores.Keys)),
            new());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs args)
    {
        foreach (var failure in args.Exception.Flatten().InnerExceptions.OfType<StorageUnavailableException>().Where(each => each.Message == nameof(Outage)))
            _unobserved.Enqueue($"{failure}");
    }
}
