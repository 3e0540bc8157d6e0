namespace Serverless.Sessions.Tests.AuditLog;

public sealed class CutHistoryTests : IAsyncLifetime, IDisposable
{
    private readonly RetentionBench _bench = new(new() { LogLifetime = TimeSpan.FromDays(10), ActivityLifetime = TimeSpan.FromDays(10) });
    private Session _session = null!;
    private IssuedTokens _tokens = null!;

    private LogOwner Owner => _bench.Owners[0];

    public async Task InitializeAsync()
    {
        var started = await _bench.LoginAsync(await _bench.CreateAccountAsync());
        (_session, _tokens) = (started.Session, started.Tokens);
        for (var i = 0; i < 4; i++)
            await RefreshAsync(TimeSpan.FromDays(4));
    }

    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task What_stays_is_whole_and_says_where_it_begins()
    {
        Assert.Equal(1, (await ReadAsync()).First);
        await _bench.RunAsync();
        var report = await ReadAsync();
        Assert.Equal((3, 3, null), (report.First, report.Entries.Count, report.Verdict.Break));

        await RefreshAsync(TimeSpan.FromDays(4));
        await _bench.RunAsync();
        report = await ReadAsync();
        Assert.Equal((4, 3, null), (report.First, report.Entries.Count, report.Verdict.Break));
        await _bench.AssertKeptAsync();
    }

    [Fact]
    public async Task A_session_that_lives_on_without_entries_is_whole()
    {
        await _bench.RunAfterAsync(TimeSpan.FromDays(11));
        var report = await ReadAsync();
        Assert.Equal((6, 0, null), (report.First, report.Entries.Count, report.Verdict.Break));

        await RefreshAsync(TimeSpan.FromDays(1));
        Assert.Null((await ReadAsync()).Verdict.Break);
        Assert.Equal(1, (await _bench.RunAfterAsync(TimeSpan.FromDays(11))).Entries);
        await _bench.AssertKeptAsync();
    }

    [Fact]
    public async Task The_end_stays_as_long_as_the_row_of_the_session_and_the_mark_goes_with_it()
    {
        await _bench.Service.LogoutAsync(_session);
        await _bench.RunAfterAsync(TimeSpan.FromDays(20));
        Assert.Equal(LogAction.Logout, Assert.Single((await ReadAsync()).Entries).Action);
        await _bench.AssertKeptAsync();

        Assert.Equal(1, (await _bench.RunAfterAsync(TimeSpan.FromDays(20))).Entries);
        Assert.Null(await _bench.Service.AuditSession.ExecuteAsync(_session.UserId, _session.Id, default));
        Assert.Empty((await _bench.Stores.Retention.ReadOldLogAsync(Owner, _bench.Clock.GetUtcNow(), default)).Cuts);
    }

    [Fact]
    public async Task An_end_that_stays_does_not_hold_up_what_falls_due_after_it()
    {
        await _bench.Service.LogoutAsync(_session);
        var end = _bench.Clock.GetUtcNow();
        _bench.Clock.Advance(TimeSpan.FromDays(3));
        await _bench.Stores.Log.AppendAsync(Owner, new(LogAction.Login, _bench.Clock.GetUtcNow()) { Success = false }, default);
        foreach (var days in new[] { 11, 14 })
        {
            await _bench.RunAtAsync(end.AddDays(days));
            await _bench.AssertKeptAsync();
        }
    }

    [Fact]
    public async Task An_old_entry_of_a_session_that_was_opened_before_there_were_chains_goes_without_a_mark()
    {
        var before = SessionId.New();
        await _bench.Stores.Log.AppendAsync(Owner, new(LogAction.Login, _session.CreatedAt) { SessionId = before }, default);
        await _bench.RunAsync();
        Assert.Null(await _bench.Service.AuditSession.ExecuteAsync(_session.UserId, before, default));
    }

    // Of the entries from 4 on the first two are to vanish: the forged one says that retention removed them.
    [Fact]
    public async Task A_forged_entry_is_not_sealed()
    {
        await _bench.RunAsync();
        var fourth = await EntryAsync(4);
        await RemoveAsync(sequence => sequence <= 4);
        await _bench.Stores.Log.AppendAsync(Owner, fourth with { At = _session.CreatedAt }, default);
        await _bench.Stores.Retention.ScheduleAsync([new(Owner, _session.CreatedAt)], default);
        Assert.Equal(1, (await _bench.RunAsync())!.Entries);
        Assert.Equal(new(AuditBreak.EntryMissing, 3), (await ReadAsync()).Verdict);
    }

    [Fact]
    public async Task An_edited_entry_is_not_sealed()
    {
        var second = await EntryAsync(2);
        await RemoveAsync(sequence => sequence == 2);
        await _bench.Stores.Log.AppendAsync(Owner, second with { Client = null }, default);
        Assert.Equal(AuditBreak.EntryChanged, (await ReadAsync()).Verdict.Break);
        Assert.Equal(3, (await _bench.RunAsync())!.Entries);
        Assert.Equal(new(AuditBreak.EntryMissing, 1), (await ReadAsync()).Verdict);
    }

    [Fact]
    public async Task A_history_that_was_broken_stays_broken()
    {
        await RemoveAsync(sequence => sequence == 1);
        Assert.Equal(new(AuditBreak.EntryMissing, 1), (await ReadAsync()).Verdict);
        await _bench.RunAsync();
        Assert.Equal(new(AuditBreak.EntryMissing, 1), (await ReadAsync()).Verdict);
        await _bench.RunAfterAsync(TimeSpan.FromDays(11));
        Assert.Equal(new(AuditBreak.EntryMissing, 1), (await ReadAsync()).Verdict);
    }

    [Fact]
    public async Task A_mark_that_was_made_by_hand_is_not_built_on()
    {
        var second = await EntryAsync(2);
        var forged = AuditChain.Cut(_session.Id, _session.UserId, second.Head, MacKey.Create(_session.CreatedAt)) with { Key = second.Link!.Key };
        await RemoveAsync(sequence => sequence <= 2, forged);
        await RefreshAsync(TimeSpan.FromDays(4));
        await _bench.RunAsync();
        Assert.Equal(new(AuditBreak.CutChanged, 2), (await ReadAsync()).Verdict);
    }

    [Fact]
    public async Task Of_two_entries_whose_clocks_disagree_the_later_one_waits_for_the_other()
    {
        var (hour, key) = (_bench.Clock.GetUtcNow().StartOfHour(), (await _bench.Service.Keys.GetAsync(default)).AuditKeys[0]);
        var owner = LogOwner.Of(UserId.New(hour));
        var id = SessionId.New();
        var (_, login) = AuditChain.Begin(_session with { Id = id, UserId = owner.User!.Value, CreatedAt = hour }, key);
        var early = AuditChain.Append(login.Head, new(LogAction.TokenRefresh, hour.AddTicks(-1), id), owner.User.Value, key);
        foreach (var entry in new[] { login, early })
            await _bench.Stores.Log.AppendAsync(owner, entry, default);
        await _bench.Stores.Retention.ScheduleAsync([new(owner, early.At.AddDays(10))], default);

        await _bench.RunAtAsync(hour.AddDays(10));
        Assert.Equal(2, (await _bench.LogOfAsync(owner)).Count);
        await _bench.RunAtAsync(hour.AddDays(10).AddHours(1));
        Assert.Empty(await _bench.LogOfAsync(owner));
    }

    [Fact]
    public async Task A_cut_under_the_reading_is_no_break()
    {
        await _bench.RunAsync();
        var mark = (await _bench.Stores.Log.ReadOfAsync(_session.UserId, _session.Id, default)).Cut!;
        // The first reading is one whose pages stand on both sides of the cut: it has neither the beginning nor the mark.
        await _bench.Stores.Retention.TryTrimAsync(Owner, new([], [], [_session.Id]), default);
        var log = Intercepted.Around(_bench.Stores.Log, after: Intercepted.At(nameof(ILogStore.ReadOfAsync), () =>
            _bench.Stores.Retention.TryTrimAsync(Owner, new([], [mark], []), default).GetAwaiter().GetResult()));
        var report = await new AuditSession(_bench.Stores.Sessions, log, _bench.Service.Keys).ExecuteAsync(_session.UserId, _session.Id, default);
        Assert.Null(report!.Verdict.Break);
    }

    private async Task RefreshAsync(TimeSpan after)
    {
        _bench.Clock.Advance(after);
        _tokens = await _bench.Service.RefreshAsync(_tokens.RefreshText);
    }

    private async Task<AuditReport> ReadAsync() =>
        await _bench.Service.AuditSession.ExecuteAsync(_session.UserId, _session.Id, default) ?? throw new InvalidOperationException("Nothing is known.");

    private async Task<LogEntry> EntryAsync(int sequence) =>
        (await ReadAsync()).Entries.Single(entry => entry.Link!.Sequence == sequence);

    // What somebody does who can write to storage.
    private async Task RemoveAsync(Func<int, bool> isRemoved, params AuditCheckpoint[] marks)
    {
        var log = await _bench.Stores.Retention.ReadOldLogAsync(Owner, DateTimeOffset.MaxValue, default);
        var removed = log.Entries.Where(old => old.Entry.Link is { } link && isRemoved(link.Sequence));
        string[] rows = [.. removed.Select(old => old.Row)];
        Assert.True(await _bench.Stores.Retention.TryTrimAsync(Owner, new(rows, marks, []), default) && rows.Length > 0);
    }
}
