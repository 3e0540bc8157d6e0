using Serverless.Sessions.Accounts;
using Serverless.Testing;

namespace Serverless.Sessions.Tests.Rules;

/// <summary>Whatever storage answers, every operation ends: with an answer, or so that its caller may come back later.</summary>
public sealed class BoundTests : IDisposable
{
    private const string Next = "another horse battery staple";

    private static readonly TimeSpan Limit = Retries.Longest + TimeSpan.FromSeconds(20);

    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private bool _refuses;

    public BoundTests()
    {
        var stores = InMemoryStores.Create();
        _service = new(
            new(
                Refusing(stores.Accounts),
                Refusing(stores.Sessions),
                Refusing(stores.Mailbox),
                Refusing(stores.Timeline),
                Refusing(stores.SuspiciousIps),
                Refusing(stores.Cursors),
                Refusing(stores.SecurityEvents),
                Refusing(stores.Statistics),
                Refusing(stores.Retention),
                Refusing(stores.Keys)),
            _clock);
    }

    /// <summary>Operations of a session that change something, and those of timers.</summary>
    public static TheoryData<string, bool> Operations { get; } = new()
    {
        { "login", true }, { "failed login", true }, { "refresh", true }, { "logout", true }, { "logout everywhere", true },
        { "password change", true }, { "wrong password", true }, { "roles", true }, { "disabling", true }, { "new account", false }, { "message", true },
        { "marking as read", true }, { "heartbeat", false }, { "purge", false }, { "flagging", false }, { "alerts", false },
        { "roll-up", false }, { "retention", false }, { "keys", true },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Where_storage_refuses_every_change_each_operation_ends(string operation, bool unavailable)
    {
        var run = await PrepareAsync(operation);
        _refuses = true;
        var outcome = await Xunit.Record.ExceptionAsync(run).WaitAsync(Limit);
        Assert.Equal(unavailable ? typeof(StorageUnavailableException) : null, outcome?.GetType());
        _refuses = false;
        // Nothing half-done is in the way of a login.
        var account = await _service.CreateAccountAsync();
        await _service.LoginAsync(account.Email);
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
        _clock.Advance(Retries.Longest + TimeSpan.FromSeconds(1));
        await tries.NextAsync(default);
        await tries.NextAsync(default);
        Assert.False(await tries.TryNextAsync(default));
    }

    public void Dispose() => _service.Dispose();

    private async Task<Func<Task>> PrepareAsync(string operation)
    {
        var account = await _service.CreateAccountAsync();
        var (email, login) = (account.Email, await _service.LoginAsync(account.Email));
        var session = login.Session;
        var administrator = await _service.NewAdministratorAsync();
        switch (operation)
        {
            case "login":
                return () => _service.LoginAsync(email);
            case "failed login":
                return () => _service.TryLoginAsync(email, "wrong password");
            case "refresh":
                return () => _service.TryRefreshAsync(login.Tokens.RefreshText);
            case "logout":
                return () => _service.LogoutAsync(session);
            case "logout everywhere":
                return () => _service.EndAllSessions.ExecuteAsync(session.UserId, email, EndReason.LogoutAll, null, Requester.Of(Service.Client), default);
            case "password change":
                return () => ChangePasswordAsync(Service.Password);
            case "wrong password":
                return () => ChangePasswordAsync("wrong password");
            case "roles":
                return () => _service.ChangeAccount.ExecuteAsync(administrator, session.UserId, null, ["writer"], default);
            case "disabling":
                return () => _service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, default);
            case "new account":
                return () => _service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(Next), [], null, default);
            case "message":
                return () => _service.SendMessage.ExecuteAsync(session.UserId, administrator.UserId, "hello", "the key of hello", default);
            case "marking as read":
                await _service.SendMessage.ExecuteAsync(administrator.UserId, session.UserId, "hello", "the key of hello", default);
                return () => _service.MarkMessagesRead.ExecuteAsync(session.UserId, administrator.UserId, 1, default);
            case "heartbeat":
                return () => _service.Heartbeat.ExecuteAsync(session.UserId, session.Id, default);
            case "flagging":
                return () => _service.Flag.ExecuteAsync(default);
            case "alerts":
                return () => _service.RaiseAlerts.ExecuteAsync(default);
            case "roll-up":
                _clock.Advance(TimeSpan.FromHours(2));
                return () => _service.RollUp.ExecuteAsync(default);
            case "keys":
                _clock.Advance(TimeSpan.FromDays(200));
                return () => _service.RotateKeys.ExecuteAsync(default);
            case "purge":
                _clock.Advance(TimeSpan.FromDays(1));
                return () => _service.Purge.ExecuteAsync(default);
            case "retention":
                _clock.Advance(TimeSpan.FromDays(120));
                await _service.RollUp.ExecuteAsync(default);
                return () => _service.PurgeOldLogs.ExecuteAsync(default);
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }

        Task ChangePasswordAsync(string current) =>
            _service.ChangePassword.ExecuteAsync(session, new(current), new(Next), Service.Client, default);
    }

    private T Refusing<T>(T store)
        where T : class => Intercepted.Around(store, instead: call => call switch
        {
            _ when !_refuses || !call.StartsWith("Try", StringComparison.Ordinal) => null,
            nameof(ISessionStore.TryOpenAsync) or nameof(ISessionStore.TryRotateAsync) => Task.FromResult<RowVersion?>(null),
            _ => Task.FromResult(false),
        });
}
