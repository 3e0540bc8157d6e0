namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_entry_and_its_notice_are_appended_together_and_once()
    {
        var (user, client) = (UserId.New(Now), Service.Client);
        foreach (var number in new[] { 1, 2 })
        {
            var entry = new LogEntry(LogAction.Login, Now.AddSeconds(number), Client: client, Success: false, Error: "location_refused");
            var notice = new Notice(NoticeKind.LoginRefused, entry.At, SessionId: null, client);
            Assert.True(await Stores.Log.TryAppendAsync(user, entry, notice, default));
            Assert.Equal(number, (await Stores.Log.ReadAsync(LogOwner.Of(user), null, 10, default)).Entries.Count);
            Assert.Equal(new(number, notice), (await Stores.Mailbox.ReadNoticesAsync(user, 0, 10, default))[^1]);
        }
    }

    [Fact]
    public async Task The_entry_that_goes_with_the_closing_of_an_epoch_is_logged_once()
    {
        var account = NewAccount();
        var closing = new LogEntry(LogAction.PasswordChanged, Now, Administrator: account.Id);
        var other = EntryFor(NewSession().Session, LogAction.RolesChanged);
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        await Stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, closing, default);
        await Stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, closing, default);
        await Stores.Epochs.CloseEpochAsync(account.Id, null, other, default);
        await Stores.Epochs.CloseEpochAsync(account.Id, null, null, default);
        Assert.Null(await Stores.Epochs.FindAccountKeyAsync(account.Id, default));
        var log = (await Stores.Log.ReadAsync(LogOwner.Of(account.Id), null, 10, default)).Entries;
        Assert.Equal(new HashSet<LogEntry> { closing, other }, [.. log]);
        Assert.Equal(2, log.Count);
        Assert.Equal(closing, await Stores.Log.FindAsync(LogOwner.Of(account.Id), LogPosition.After(closing), default));
        Assert.Null(await Stores.Log.FindAsync(LogOwner.Of(account.Id), new(Now, Guid.NewGuid()), default));
    }

    [Fact]
    public async Task The_pages_of_a_log_are_whole_and_stay_put_while_entries_are_added()
    {
        var owner = LogOwner.Of(Service.NewEmail().ToAccountKey());
        for (var i = 0; i < 25; i++)
            await Stores.Log.AppendAsync(owner, new(LogAction.Login, Now.AddSeconds(i / 3)), default);
        var whole = (await Stores.Log.ReadAsync(owner, null, 100, default)).Entries;

        var read = new List<LogEntry>();
        LogPosition? next = null;
        do
        {
            var page = await Stores.Log.ReadAsync(owner, next, 10, default);
            read.AddRange(page.Entries);
            next = page.Next is { } position && LogPosition.TryParse(position.ToString(), out var parsed) ? parsed : null;
            await Stores.Log.AppendAsync(owner, new(LogAction.Logout, Now.AddHours(1)), default);
        }
        while (next is not null);
        Assert.Equal(25, whole.Count);
        Assert.Equal(whole, read);
    }

    [Fact]
    public async Task A_log_is_read_between_two_times_which_are_included()
    {
        var owner = LogOwner.Of(UserId.New(Now));
        for (var i = 0; i < 6; i++)
            await Stores.Log.AppendAsync(owner, new(LogAction.Login, Now.AddSeconds(i)), default);
        var filter = new LogFilter(Now.AddSeconds(1), Now.AddSeconds(4));
        var first = await Stores.Log.ReadAsync(owner, filter, null, 3, default);
        var second = await Stores.Log.ReadAsync(owner, filter, first.Next, 3, default);
        Assert.Equal([4, 3, 2], SecondsOf(first));
        Assert.Equal([1], SecondsOf(second));
        Assert.Null(second.Next);
        Assert.Equal([5, 4], SecondsOf(await Stores.Log.ReadAsync(owner, new(From: Now.AddSeconds(4)), null, 10, default)));
        Assert.Equal([1, 0], SecondsOf(await Stores.Log.ReadAsync(owner, new(To: Now.AddSeconds(1)), null, 10, default)));
        Assert.Empty(SecondsOf(await Stores.Log.ReadAsync(owner, new(To: Now.AddSeconds(1)) { From = Now.AddSeconds(2) }, null, 10, default)));

        IEnumerable<double> SecondsOf(LogPage page) => page.Entries.Select(entry => (entry.At - Now).TotalSeconds);
    }

    [Fact]
    public async Task A_log_is_searched_for_an_action_and_for_an_address_or_its_group_page_by_page()
    {
        var owner = LogOwner.Of(UserId.New(Now));
        for (var i = 0; i < 9; i++)
        {
            var client = new ClientInfo(i % 3 == 0 ? "2001:db8::7" : "203.0.113.7", "test", null);
            await Stores.Log.AppendAsync(owner, new(i % 2 == 0 ? LogAction.Login : LogAction.Logout, Now.AddSeconds(i), Client: client), default);
        }

        await Stores.Log.AppendAsync(owner, new(LogAction.SessionExpired, Now), default);
        Assert.Equal(5, await CountAsync(new(Action: LogAction.Login)));
        Assert.Equal(3, await CountAsync(new(Address: "2001:db8::7")));
        Assert.Equal(3, await CountAsync(new(Address: "2001:0db8:0000:0000")));
        Assert.Equal(2, await CountAsync(new(Action: LogAction.Login, Address: "2001:db8::7")));
        Assert.Equal(0, await CountAsync(new(Address: "198.51.100.1")));

        async Task<int> CountAsync(LogFilter filter)
        {
            var found = new List<LogEntry>();
            for (LogPosition? next = null, last = LogPosition.After(new(LogAction.Login, Now)); last is not null; last = next)
            {
                var page = await Stores.Log.ReadAsync(owner, filter, next, 1, default);
                found.AddRange(page.Entries);
                next = page.Next;
            }

            Assert.All(found, entry => Assert.True(filter.Matches(entry)));
            return found.Distinct().Count() == found.Count ? found.Count : -1;
        }
    }

    [Fact]
    public async Task A_log_is_read_at_once_with_its_checkpoints_up_to_a_number_of_entries()
    {
        var (user, session) = (UserId.New(Now), SessionId.New());
        var entries = Enumerable.Range(0, 4).Select(i => new LogEntry(LogAction.Login, Now.AddSeconds(i), session)).ToList();
        foreach (var entry in entries)
            await Stores.Log.AppendAsync(LogOwner.Of(user), entry, default);
        var cut = new AuditCheckpoint(session, new(1, new(7)), new(3), new(9));
        var oldest = LogPosition.After(entries[0]);
        var old = (await Stores.Retention.ReadOldLogAsync(LogOwner.Of(user), Now.AddSeconds(1), default)).Entries.Single();
        Assert.Equal(oldest, LogPosition.After(old.Entry));
        Assert.True(await Stores.Retention.TryTrimAsync(LogOwner.Of(user), new([old.Row], [cut], []), default));

        var whole = await Stores.Log.ReadAllAsync(user, 4, default);
        Assert.Equal(Enumerable.Reverse(entries).Take(3), whole.Entries);
        Assert.Equal([cut], whole.Cuts);
        Assert.True(whole.IsWhole);
        var newest = await Stores.Log.ReadAllAsync(user, 2, default);
        Assert.Equal(2, newest.Entries.Count);
        Assert.Equal([cut], newest.Cuts);
        Assert.False(newest.IsWhole);
    }

    [Fact]
    public async Task The_history_of_one_session_is_whole_and_has_its_links()
    {
        var (session, entry, epoch) = NewSession();
        await Stores.Epochs.TryOpenEpochAsync(NewAccount() with { Id = session.UserId, Epoch = epoch }, null, default);
        var version = await Stores.Sessions.TryOpenAsync(session, epoch, entry, [], null, default);
        var (other, _) = await OpenAsync(session.UserId);
        var logout = EntryFor(session, LogAction.Logout);
        await Stores.Sessions.TryEndAsync([new(session.End(EndReason.Logout, Now, EntryId), version!.Value, logout)], default);
        Assert.Equal([logout, entry], (await Stores.Log.ReadOfAsync(session.UserId, session.Id, default)).Entries);
        Assert.Single((await Stores.Log.ReadOfAsync(session.UserId, other.Id, default)).Entries);
        Assert.Empty((await Stores.Log.ReadOfAsync(session.UserId, SessionId.New(), default)).Entries);
    }

    [Fact]
    public async Task A_log_reads_newest_first_with_all_that_an_entry_says()
    {
        var owner = LogOwner.Of(Service.NewEmail().ToAccountKey());
        var failed = new LogEntry(LogAction.AccountLocked, Now)
        {
            Client = new("2001:db8::1", "ua \"'", "d'"), Success = false, Error = "invalid_credentials",
        };
        var later = new LogEntry(LogAction.Logout, Now.AddMilliseconds(1)) { SessionId = SessionId.New() };
        await Stores.Log.AppendAsync(owner, failed, default);
        await Stores.Log.AppendAsync(owner, later, default);
        Assert.Equal([later, failed], (await Stores.Log.ReadAsync(owner, null, 10, default)).Entries);
    }
}
