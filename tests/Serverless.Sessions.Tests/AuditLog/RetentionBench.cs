namespace Serverless.Sessions.Tests.AuditLog;

/// <summary>A service whose retention can be killed at any of its calls.</summary>
internal sealed class RetentionBench : IDisposable
{
    private readonly RetentionOptions _options;
    private readonly Dictionary<(LogOwner Owner, Guid Id), LogEntry> _everything = [];

    public RetentionBench(RetentionOptions? options = null)
    {
        _options = options ?? new();
        Service = new(Stores, Clock, retentionOptions: _options);
    }

    public Stores Stores { get; } = InMemoryStores.Create();
    public FakeClock Clock { get; } = new();
    public Service Service { get; }
    public List<LogOwner> Owners { get; } = [];
    public List<Session> Sessions { get; } = [];

    private DateTimeOffset Hour => Clock.GetUtcNow().StartOfHour();

    public void Dispose() => Service.Dispose();

    public async Task<Account> CreateAccountAsync()
    {
        var account = await Service.CreateAccountAsync();
        Owners.Add(LogOwner.Of(account.Id));
        return account;
    }

    public async Task<StartSessionResult.Started> LoginAsync(Account account, bool remember = true)
    {
        var started = await Service.LoginAsync(account.Email, remember);
        Sessions.Add(started.Session);
        return started;
    }

    public async Task FailAsync()
    {
        var email = Service.NewEmail();
        await Service.TryLoginAsync(email, "wrong password");
        Owners.Add(LogOwner.Of(email.ToAccountKey()));
    }

    public async Task<IReadOnlyList<LogEntry>> LogOfAsync(LogOwner owner) =>
        (await Stores.Log.ReadAsync(owner, null, 100_000, default)).Entries;

    /// <summary>Runs retention after the other timers and kills it at one of its calls to storage; null where it was killed.</summary>
    public async Task<RetentionReport?> RunAsync(int? dieAt = null, Action<string>? before = null)
    {
        await Service.Purge.ExecuteAsync(default);
        await Service.RollUp.ExecuteAsync(default);
        foreach (var owner in Owners)
        {
            foreach (var entry in await LogOfAsync(owner))
                _everything[(owner, entry.Id)] = entry;
        }

        var (killer, options) = (new Killer(dieAt), Options.Create(_options));
        var (retention, mailbox) = (Around(Stores.Retention), Around(Stores.Mailbox));
        var purge = new PurgeOldLogs(
            retention, new(retention, killer.Around(Stores.Sessions), killer.Around(Stores.Accounts), Service.Keys, options, Clock),
            new(retention, mailbox, options, Clock), killer.Around(Stores.Timeline), Stores.Outbox, options, Stores.Unreadable, Clock);
        return await Killer.RunAsync(() => purge.ExecuteAsync(default));

        T Around<T>(T store)
            where T : class => killer.Around(before is null ? store : Intercepted.Around(store, before));
    }

    public Task<RetentionReport> RunAfterAsync(TimeSpan time) => RunAtAsync(Clock.GetUtcNow() + time);

    public async Task<RetentionReport> RunAtAsync(DateTimeOffset time)
    {
        Clock.Set(time);
        return Assert.IsType<RetentionReport>(await RunAsync());
    }

    /// <summary>Only what is younger than its retention is left, and the history of every session is whole.</summary>
    public async Task AssertKeptAsync()
    {
        var before = Hour - _options.LogLifetime;
        var dueThisHour = (await Stores.Retention.ReadDueLogsAsync(Hour.AddHours(1), default).ToListAsync()).SelectMany(batch => batch.Owners).ToHashSet();
        foreach (var owner in Owners)
        {
            var (expected, mayStay) = (new HashSet<Guid>(), new HashSet<Guid>());
            foreach (var (_, entry) in _everything.Where(each => each.Key.Owner == owner))
            {
                // An end stays with the row of its session.
                if (entry.At >= before || (entry.Link is { IsFinal: true } && await Stores.Sessions.FindAsync(owner.User!.Value, entry.SessionId!.Value, default) is not null))
                    expected.Add(entry.Id);
                // Purge may have removed the row in the hour in which it expired, and retention comes after that.
                else if (entry.Link is { IsFinal: true } && dueThisHour.Contains(owner))
                    mayStay.Add(entry.Id);
            }

            Assert.Equal(expected, (await LogOfAsync(owner)).Select(entry => entry.Id).Except(mayStay).ToHashSet());
        }

        Assert.Empty(await Stores.Timeline.ReadActivityAsync(DateTimeOffset.MinValue, Hour - _options.ActivityLifetime - TimeSpan.FromTicks(1), default).ToListAsync());
        Assert.Empty(await Stores.Retention.ReadDueLogsAsync(Clock.GetUtcNow(), default).ToListAsync());
        foreach (var session in Sessions)
        {
            var report = await Service.AuditSession.ExecuteAsync(session.UserId, session.Id, default);
            Assert.Null(report?.Verdict.Break);
            if (report is null)
                Assert.DoesNotContain((await Stores.Retention.ReadOldLogAsync(LogOwner.Of(session.UserId), before, default)).Cuts, cut => cut.SessionId == session.Id);
        }
    }
}
