namespace Serverless.Sessions.Tests.Storage;

public sealed class BoundTests : IDisposable
{
    private static readonly TimeSpan Limit = Retries.Usual.Longest + TimeSpan.FromSeconds(20);

    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private bool _refuses;

    public BoundTests()
    {
        var stores = InMemoryStores.Create();
        _service = new(
            new(
                Refusing(stores.Accounts), Refusing(stores.Emails), Refusing(stores.Epochs), Refusing(stores.Sessions), Refusing(stores.Log),
                Refusing(stores.Presence), Refusing(stores.Mailbox), Refusing(stores.Timeline), Refusing(stores.SuspiciousIps),
                Refusing(stores.SecurityEvents), Refusing(stores.Statistics), Refusing(stores.Retention), Refusing(stores.Outbox),
                Refusing(stores.Personal), Refusing(stores.Passkeys), Refusing(stores.Keys)),
            _clock);
    }

    public static TheoryData<string> All { get; } = [.. Operations.Names];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Where_storage_refuses_every_change_each_operation_ends(string operation)
    {
        var run = await Operations.PrepareAsync(_service, operation);
        _refuses = true;
        var outcome = await Xunit.Record.ExceptionAsync(run).WaitAsync(Limit);
        var isUnavailable = !operation.EndsWith("timer", StringComparison.Ordinal) && operation is not ("new account" or "heartbeat");
        Assert.Equal(isUnavailable ? typeof(StorageUnavailableException) : null, outcome?.GetType());
        _refuses = false;
        // Nothing half-done is in the way of a login.
        await _service.LoginAsync();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_between_two_tries_stops_them()
    {
        using var caller = new CancellationTokenSource();
        var tries = new Retries(_clock);
        await tries.NextAsync(caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => tries.NextAsync(caller.Token));
    }

    [Fact]
    public async Task Tries_end_after_their_time_however_few_they_were()
    {
        var tries = new Retries(_clock);
        _clock.Advance(Retries.Usual.Longest + TimeSpan.FromSeconds(1));
        await tries.NextAsync(default);
        await tries.NextAsync(default);
        Assert.False(await tries.TryNextAsync(default));
    }

    public void Dispose() => _service.Dispose();

    private T Refusing<T>(T store)
        where T : class => Intercepted.Around(store, instead: (call, send) => call switch
        {
            _ when !_refuses || !call.StartsWith("Try", StringComparison.Ordinal) => null,
            nameof(ISessionStore.TryOpenAsync) or nameof(ISessionStore.TryRotateAsync) => Task.FromResult<RowVersion?>(null),
            _ => Task.FromResult(false),
        });
}
