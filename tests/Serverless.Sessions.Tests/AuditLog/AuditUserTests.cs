namespace Serverless.Sessions.Tests.AuditLog;

public sealed class AuditUserTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;

    public AuditUserTests() => _service = new(_stores, _clock);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_sessions_of_a_user_are_audited_together_the_newest_first_and_ended_ones_too()
    {
        var account = await _service.CreateAccountAsync();
        var first = (await LoginAsync(account)).Session;
        var second = await LoginAsync(account);
        await LoginAsync(await _service.CreateAccountAsync());
        await _service.RefreshAsync(second.Tokens.RefreshText);
        await _service.LogoutAsync(first);

        var audit = await _service.AuditUser.ExecuteAsync(account.Id, default);
        Assert.True(audit.IsComplete);
        Assert.Equal(new Dictionary<SessionId, int> { [first.Id] = 2, [second.Session.Id] = 2 }, audit.Sessions.ToDictionary(each => each.Id, each => each.Count));
        Assert.All(audit.Sessions, each => Assert.Null(each.Verdict.Break));
        Assert.Empty((await _service.AuditUser.ExecuteAsync(UserId.New(_clock.GetUtcNow()), default)).Sessions);
    }

    [Fact]
    public async Task A_session_whose_entry_is_missing_is_broken_and_the_others_are_intact()
    {
        var account = await _service.CreateAccountAsync();
        var (whole, broken, empty) =
            ((await LoginAsync(account)).Session.Id, (await LoginAsync(account)).Session.Id, (await LoginAsync(account)).Session.Id);
        await RemoveAsync(account, broken);
        var refreshed = await LoginAsync(account);
        await RemoveAsync(account, empty);
        await _service.RefreshAsync(refreshed.Tokens.RefreshText);
        await RemoveAsync(account, refreshed.Session.Id, LogAction.Login);

        var audit = await _service.AuditUser.ExecuteAsync(account.Id, default);
        Assert.Equal([whole], audit.Sessions.Where(each => each.Verdict.Break is null).Select(each => each.Id));
        Assert.Equal(3, audit.Sessions.Count(each => each.Verdict.Break == AuditBreak.EntryMissing));
    }

    [Fact]
    public async Task A_session_that_changes_while_it_is_read_is_not_broken()
    {
        var account = await _service.CreateAccountAsync();
        var tokens = (await LoginAsync(account)).Tokens;
        var sessions = Intercepted.Around(_stores.Sessions, after: Intercepted.At(
            nameof(ISessionStore.ListAsync), () => _service.RefreshAsync(tokens.RefreshText).GetAwaiter().GetResult()));
        using var slow = new Service(_stores with { Sessions = sessions }, _clock);
        var audited = Assert.Single((await slow.AuditUser.ExecuteAsync(account.Id, default)).Sessions);
        Assert.Equal((null, 2), (audited.Verdict.Break, audited.Count));
    }

    [Fact]
    public async Task A_session_that_changes_faster_than_it_is_read_is_left_out_and_it_says_so()
    {
        var account = await _service.CreateAccountAsync();
        var whole = (await LoginAsync(account)).Session.Id;
        var tokens = (await LoginAsync(account)).Tokens;
        var sessions = Intercepted.Around(_stores.Sessions, after: Intercepted.At(nameof(ISessionStore.ListAsync), () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            tokens = _service.RefreshAsync(tokens.RefreshText).GetAwaiter().GetResult();
        }));
        using var slow = new Service(_stores with { Sessions = sessions }, _clock);
        var audit = await slow.AuditUser.ExecuteAsync(account.Id, default);
        Assert.Equal((whole, false), (Assert.Single(audit.Sessions).Id, audit.IsComplete));
    }

    [Fact]
    public async Task However_many_sessions_are_broken_the_log_is_read_twice()
    {
        var account = await _service.CreateAccountAsync();
        for (var i = 0; i < 9; i++)
            await RemoveAsync(account, (await LoginAsync(account)).Session.Id, LogAction.Login);
        var (audit, reads) = await CountReadsAsync(account);
        Assert.Equal(9, audit.Sessions.Count(each => each.Verdict.Break == AuditBreak.EntryMissing));
        Assert.Equal((true, 2), (audit.IsComplete, reads));
    }

    [Fact]
    public async Task A_session_without_a_chain_is_not_read_again()
    {
        var account = await _service.CreateAccountAsync();
        var session = SessionId.New();
        await _stores.Log.AppendAsync(LogOwner.Of(account.Id), new(LogAction.Logout, _clock.GetUtcNow(), SessionId: session), default);
        var (audit, reads) = await CountReadsAsync(account);
        var audited = Assert.Single(audit.Sessions);
        Assert.Equal((session, AuditBreak.NotChained, 1), (audited.Id, audited.Verdict.Break!.Value, reads));
    }

    [Fact]
    public async Task Of_more_sessions_the_newest_are_audited_and_it_says_so()
    {
        var account = await _service.CreateAccountAsync();
        for (var i = 0; i <= AuditUser.MostSessions; i++)
            await _service.LogoutAsync((await LoginAsync(account)).Session);
        var audit = await _service.AuditUser.ExecuteAsync(account.Id, default);
        Assert.Equal(AuditUser.MostSessions, audit.Sessions.Count);
        Assert.False(audit.IsComplete);
    }

    [Fact]
    public async Task Of_a_log_that_is_too_long_only_sessions_that_were_read_from_their_beginning_are_audited()
    {
        var account = await _service.CreateAccountAsync();
        await LoginAsync(account);
        var owner = LogOwner.Of(account.Id);
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < AuditUser.MostEntries; i++)
            await _stores.Log.AppendAsync(owner, new(LogAction.Login, _clock.GetUtcNow(), Success: false), default);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var newest = (await LoginAsync(account)).Session.Id;
        var audit = await _service.AuditUser.ExecuteAsync(account.Id, default);
        Assert.Equal(newest, Assert.Single(audit.Sessions).Id);
        Assert.False(audit.IsComplete);
    }

    private async Task<(UserAudit Audit, int Reads)> CountReadsAsync(Account account)
    {
        var reads = 0;
        void Count(string call) => reads += call is nameof(ILogStore.ReadAllAsync) or nameof(ILogStore.ReadOfAsync) ? 1 : 0;
        using var service = new Service(_stores with { Log = Intercepted.Around(_stores.Log, Count) }, _clock);
        return (await service.AuditUser.ExecuteAsync(account.Id, default), reads);
    }

    private async Task<StartSessionResult.Started> LoginAsync(Account account)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return await _service.LoginAsync(account.Email);
    }

    private async Task RemoveAsync(Account account, SessionId session, LogAction? action = null)
    {
        var owner = LogOwner.Of(account.Id);
        var old = await _stores.Retention.ReadOldLogAsync(owner, _clock.GetUtcNow().AddDays(1), default);
        var rows = old.Entries.Where(each => each.Entry.SessionId == session && (action is null || each.Entry.Action == action));
        Assert.True(await _stores.Retention.TryTrimAsync(owner, new([.. rows.Select(each => each.Row)], [], []), default));
    }
}
