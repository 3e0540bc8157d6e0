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
