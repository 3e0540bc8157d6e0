namespace Serverless.Sessions.Tests.AuditLog;

public sealed class AuditedLifeTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_record_of_a_whole_life_is_whole_at_each_step()
    {
        var started = await _service.LoginAsync(remember: true);
        var (user, id) = (started.Session.UserId, started.Session.Id);
        var tokens = await _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1");
        await IsWholeAsync(started.Session, 2);
        Assert.Equal(tokens.Refresh.Generation, (await _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1")).Refresh.Generation);
        await IsWholeAsync(started.Session, 2);
        await _service.PropagateRoles.ExecuteAsync(user, started.Session.Email, ["auditor"], null);
        await IsWholeAsync(started.Session, 3);
        await _service.StepUpAsync(started.Session);
        await IsWholeAsync(started.Session, 4);
        _service.Clock.Advance(TimeSpan.FromHours(25));
        await _service.RefreshAsync(tokens.RefreshText);
        await IsWholeAsync(started.Session, 5);
        await _service.EndSessions.ExecuteAsync(user, EndReason.Admin, except: null, by: null);
        await IsWholeAsync(started.Session, 6);
        _service.Clock.Advance(TimeSpan.FromDays(100));
        await _service.Purge.ExecuteAsync(default);
        Assert.Null(await _service.Stores.Sessions.FindAsync(user, id, default));
        await IsWholeAsync(started.Session, 6);
    }

    [Fact]
    public async Task A_record_that_was_set_back_together_with_its_row_shows_the_gap_when_the_client_comes_back()
    {
        var started = await _service.LoginAsync(remember: true);
        var told = started.Tokens.Refresh with { Version = new("a state that was lost"), Generation = 3, Audit = new(4, new(4)) };
        await IsWholeAsync(started.Session, 1);
        await _service.RefreshAsync(await _service.WriteAsync(told));
        Assert.Equal((AuditBreak.EntryMissing, 2), await BreakAsync(started.Session));
    }

    [Fact]
    public async Task A_head_that_was_set_to_another_of_the_same_length_is_found_when_the_client_comes_back()
    {
        var started = await _service.LoginAsync(remember: true);
        var told = started.Tokens.Refresh with { Version = new("another state"), Audit = new(1, new(7)) };
        await _service.RefreshAsync(await _service.WriteAsync(told));
        Assert.Equal((AuditBreak.EntryChanged, 2), await BreakAsync(started.Session));
    }

    [Fact]
    public async Task A_key_that_this_instance_has_not_heard_of_is_looked_up()
    {
        using var other = new Service(_service.Stores, _service.Clock);
        await other.Keys.GetAsync(default);
        await _service.RotateKeys.ExecuteAsync(default);
        _service.Clock.Advance(TimeSpan.FromDays(400));
        await _service.Keys.GetFreshAsync(default);
        var started = await _service.LoginAsync(remember: true);
        Assert.Null((await other.AuditSession.ExecuteAsync(started.Session.UserId, started.Session.Id, default))!.Verdict.Break);
    }

    private async Task IsWholeAsync(Session session, int count)
    {
        var report = await _service.AuditSession.ExecuteAsync(session.UserId, session.Id, default);
        Assert.Equal(new(Break: null), report!.Verdict);
        Assert.Equal(Enumerable.Range(1, count).Reverse(), report.Entries.Select(entry => entry.Link!.Sequence));
    }

    private async Task<(AuditBreak?, int?)> BreakAsync(Session session)
    {
        var verdict = (await _service.AuditSession.ExecuteAsync(session.UserId, session.Id, default))!.Verdict;
        return (verdict.Break, verdict.Sequence);
    }
}
