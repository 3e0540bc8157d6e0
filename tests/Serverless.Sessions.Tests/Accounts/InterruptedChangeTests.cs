namespace Serverless.Sessions.Tests.Accounts;

/// <summary>The timer finishes a change of an account that was interrupted after its first write.</summary>
public sealed class InterruptedChangeTests : IDisposable
{
    private readonly Service _service;
    private string? _failsAt;

    public InterruptedChangeTests() => _service = new(Intercepted.AroundAccounts(InMemoryStores.Create(), Fail), new());

    [Theory]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    [InlineData(nameof(ISessionStore.ListAsync))]
    [InlineData(nameof(ISessionStore.TryEndAsync))]
    public async Task A_disabling_that_is_interrupted_ends_the_sessions_within_minutes(string at)
    {
        var session = (await _service.LoginAsync()).Session;
        var administrator = await _service.NewAdministratorAsync();
        await PassAsync();
        _failsAt = at;
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => _service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, default));
        _failsAt = null;
        Assert.Null((await _service.FindAsync(session)).Ending);

        Assert.Equal(1, await PassAsync());
        Assert.Equal(EndReason.Admin, (await _service.FindAsync(session)).Ending?.Reason);
        Assert.Single(await _service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.AccountDisabled);
        Assert.Null((await _service.FindAccount.ExecuteAsync(session.UserId, default))!.PendingChange);
        Assert.Equal(0, await PassAsync());
        Assert.Empty(await _service.Stores.Timeline.ReadDueChangesAsync(_service.Clock.GetUtcNow(), default).ToListAsync());
    }

    [Fact]
    public async Task An_account_that_cannot_be_finished_holds_up_no_other()
    {
        var accounts = new[] { await _service.CreateAccountAsync(), await _service.CreateAccountAsync() };
        await PassAsync();
        _failsAt = nameof(ISessionStore.ListAsync);
        foreach (var account in accounts)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => _service.EndAllSessions.ExecuteAsync(
                account.Id, account.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default));
        }

        // The first one that the timer finishes fails once more.
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        _failsAt = "once " + nameof(ISessionStore.ListAsync);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _service.RaiseAlerts.ExecuteAsync(default));
        Assert.Single(await UnfinishedAsync());
        await _service.RaiseAlerts.ExecuteAsync(default);
        Assert.Empty(await UnfinishedAsync());

        async Task<List<Account>> UnfinishedAsync() =>
            [.. (await Task.WhenAll(accounts.Select(account => _service.FindAccount.ExecuteAsync(account.Id, default)))).OfType<Account>().Where(account => account.PendingChange is not null)];
    }

    public void Dispose() => _service.Dispose();

    private async Task<int> PassAsync()
    {
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        return (await _service.RaiseAlerts.ExecuteAsync(default)).Changes;
    }

    private void Fail(string call)
    {
        if (call != _failsAt && "once " + call != _failsAt)
            return;
        _failsAt = call == _failsAt ? _failsAt : null;
        throw new StorageUnavailableException("The storage of this test is down.");
    }
}
