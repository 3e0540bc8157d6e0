using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Testing;

/// <summary>One instance of the service on a set of stores and a fake clock, without HTTP.</summary>
public sealed class Service : IDisposable
{
    public static readonly UserId Administrator = UserId.New(DateTimeOffset.UnixEpoch);

    public const string Password = "correct horse battery staple";

    public static readonly ClientInfo Client = new("203.0.113.7", "test/1.0", "a laptop");

    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public Service(
        Stores stores, FakeClock clock, SessionOptions? sessionOptions = null, ICaptcha? captcha = null, int hashIterations = 1_000,
        PresenceOptions? presenceOptions = null, IWebhook? webhook = null, RetentionOptions? retentionOptions = null,
        TokenOptions? tokenOptions = null)
    {
        Stores = stores;
        Clock = clock;
        var metrics = new SessionMetrics(Meters);
        var sessions = Options.Create(sessionOptions ?? new SessionOptions());
        var tokens = Options.Create(tokenOptions ?? new TokenOptions());
        // Hashing is tested on its own; here it would only take time.
        var passwords = Options.Create(new PasswordOptions { Iterations = hashIterations });
        var keys = Options.Create(new KeysOptions());
        Keys = new(stores.Keys, keys, clock, NullLogger<KeyRingSource>.Instance);
        RotateKeys = new(stores.Keys, Keys, keys, stores.Unreadable, clock);
        Hashing = new(passwords);
        Cache = new(sessions, clock);
        var serializer = new LoginSerializer(passwords);
        var throttle = new LoginThrottle(
            stores.Accounts, stores.Log, stores.Timeline, Options.Create(new ThrottleOptions()), clock);
        EndSession = new(stores.Sessions, stores.Timeline, Cache, Keys, clock, metrics);
        EndSessions = new(stores.Sessions, stores.Timeline, EndSession, Cache, Keys, clock);
        PropagateRoles = new(stores.Sessions, stores.Timeline, Cache, Keys, clock);
        var retention = Options.Create(retentionOptions ?? new RetentionOptions());
        var fence = new AccountFence(stores.Accounts, stores.Epochs, stores.Timeline, stores.Retention, EndSessions, PropagateRoles, retention, clock);
        CreateAccount = new(stores.Accounts, stores.Epochs, fence, Hashing, passwords, clock);
        ListSessions = new(stores.Sessions, clock);
        StartSession = new(
            stores.Accounts, stores.Sessions, stores.Timeline, Hashing, serializer, throttle, fence,
            new(stores.SuspiciousIps, Options.Create(new CaptchaRuleOptions()), clock, captcha),
            new(ListSessions, EndSession, sessions), Keys, sessions, tokens, clock, NullLogger<StartSession>.Instance);
        RefreshSession = new(
            stores.Sessions, EndSession, Cache, Keys, sessions, tokens, clock, NullLogger<RefreshSession>.Instance);
        CheckSession = new(stores.Sessions, Cache, clock, metrics);
        SetPassword = new(fence, Hashing, passwords, clock);
        EndAllSessions = new(fence, clock);
        ChangePassword = new(stores.Accounts, serializer, throttle, Hashing, passwords, SetPassword, fence, clock);
        FindAccount = new(stores.Accounts, stores.Epochs);
        ChangeAccount = new(stores.Accounts, stores.Epochs, fence, clock);
        Heartbeat = new(stores.Sessions, stores.Presence, Cache, Options.Create(presenceOptions ?? new PresenceOptions()), clock);
        Purge = new(stores.Sessions, stores.Timeline, Keys, stores.Unreadable, clock, metrics);
        RaiseEvent = new(stores.SecurityEvents, NullLogger<RaiseSecurityEvent>.Instance, webhook);
        ReadPresence = new(stores.Presence, Options.Create(presenceOptions ?? new PresenceOptions()), clock);
        Recipients = new(FindAccount, clock);
        var fileConversation = new ScheduleRetention(stores.Retention, retention, clock);
        var deliver = new DeliverMessages(stores.Mailbox, fileConversation, clock);
        SendMessage = new(stores.Mailbox, Recipients, deliver, fileConversation, clock);
        ReadConversation = new(stores.Mailbox, deliver);
        MarkMessagesRead = new(stores.Mailbox, clock);
        Flag = new(
            stores.Timeline, stores.SuspiciousIps, stores.Cursors, RaiseEvent, Options.Create(new SuspiciousIpOptions()), stores.Unreadable,
            clock, NullLogger<FlagSuspiciousIps>.Instance);
        FinishChanges = new(stores.Accounts, stores.Timeline, fence, clock);
        RaiseAlerts = new(
            stores.Timeline, stores.SecurityEvents, stores.Sessions, EndSession, stores.Cursors, RaiseEvent,
            new(stores.SecurityEvents, clock, NullLogger<DeliverSecurityEvents>.Instance, webhook), FinishChanges, retention,
            stores.Unreadable, clock, NullLogger<RaiseSecurityAlerts>.Instance);
        RollUp = new(stores.Timeline, stores.Statistics, stores.Cursors, stores.Unreadable, clock);
        PurgeOldLogs = new(
            stores.Retention, new(stores.Retention, stores.Sessions, Keys, retention, clock),
            new(stores.Retention, stores.Mailbox, retention, clock), stores.Cursors, retention, stores.Unreadable, clock);
        Revocations = new(stores.Timeline, Keys, Options.Create(new FeedOptions()), tokens, clock);
        AccessTokens = new(Keys, tokens, clock);
        ReadAudit = new(stores.Sessions, stores.Log, Keys);
        Readiness = new(Keys, stores.Timeline, stores.Cursors, stores.Unreadable, clock);
    }

    public Stores Stores { get; }

    public IMeterFactory Meters => _meters.GetRequiredService<IMeterFactory>();

    public FakeClock Clock { get; }
    public KeyRingSource Keys { get; }
    public PasswordHashing Hashing { get; }
    public SessionCache Cache { get; }
    public CreateAccount CreateAccount { get; }
    public StartSession StartSession { get; }
    public EndSession EndSession { get; }
    public EndSessions EndSessions { get; }
    public PropagateRoles PropagateRoles { get; }
    public EndAllSessions EndAllSessions { get; }
    public ChangePassword ChangePassword { get; }
    public FindAccount FindAccount { get; }
    public ChangeAccount ChangeAccount { get; }
    public ListSessions ListSessions { get; }
    public RecordHeartbeat Heartbeat { get; }
    public ReadPresence ReadPresence { get; }
    public Recipients Recipients { get; }
    public SendMessage SendMessage { get; }
    public ReadConversation ReadConversation { get; }
    public MarkMessagesRead MarkMessagesRead { get; }
    public RefreshSession RefreshSession { get; }
    public CheckSession CheckSession { get; }
    public SetPassword SetPassword { get; }
    public PurgeExpiredSessions Purge { get; }
    public FlagSuspiciousIps Flag { get; }
    public RaiseSecurityEvent RaiseEvent { get; }
    public FinishAccountChanges FinishChanges { get; }
    public RaiseSecurityAlerts RaiseAlerts { get; }
    public RollUpStatistics RollUp { get; }
    public PurgeOldLogs PurgeOldLogs { get; }
    public RotateKeys RotateKeys { get; }
    public ReadRevocations Revocations { get; }
    public AccessTokenReader AccessTokens { get; }
    public ReadAudit ReadAudit { get; }
    public CheckReadiness Readiness { get; }

    public static Email NewEmail() =>
        Email.TryParse($"{Guid.NewGuid():N}@example.com", out var email) ? email : throw new InvalidOperationException();

    public async Task<Account> CreateAccountAsync(Email? email = null, string role = "reader")
    {
        var result = await CreateAccount.ExecuteAsync(email ?? NewEmail(), new(Password), [role], Actor.Of(Client), default);
        return Assert.IsType<CreateAccountResult.Created>(result).Account;
    }

    public async Task<Session> NewAdministratorAsync() => (await LoginAsync((await CreateAccountAsync(role: Roles.Admin)).Email)).Session;

    public Task<StartSessionResult> TryLoginAsync(Email email, string password = Password, bool remember = false, ClientInfo? client = null) =>
        StartSession.ExecuteAsync(new(email, new(password), remember), client ?? Client, default);

    public async Task<StartSessionResult.Started> LoginAsync(Email email, bool remember = false, ClientInfo? client = null) =>
        Assert.IsType<StartSessionResult.Started>(await TryLoginAsync(email, remember: remember, client: client));

    public async Task<StartSessionResult.Started> LoginAsync(bool remember = false) =>
        await LoginAsync((await CreateAccountAsync()).Email, remember);

    public Task<RefreshSessionResult> TryRefreshAsync(string refreshToken, string? attempt = null, bool byCookie = false) =>
        RefreshSession.ExecuteAsync(refreshToken, attempt, byCookie, Client, default);

    public async Task<IssuedTokens> RefreshAsync(string refreshToken, string? attempt = null) =>
        Assert.IsType<RefreshSessionResult.Refreshed>(await TryRefreshAsync(refreshToken, attempt)).Tokens;

    public Task<EndSessionResult> LogoutAsync(Session session) =>
        EndSession.ExecuteAsync(session.UserId, session.Id, EndReason.Logout, Actor.Of(Client), default);

    public async Task<Session> FindAsync(Session session) =>
        (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))?.Session ?? throw new InvalidOperationException("gone");

    public async Task<IReadOnlyList<LogEntry>> LogOfAsync(UserId user) =>
    [
        .. (await Stores.Log.ReadAsync(LogOwner.Of(user), null, 1000, default)).Entries
            .Where(entry => entry.Action != LogAction.AccountCreated),
    ];

    public void Dispose()
    {
        Hashing.Dispose();
        _meters.Dispose();
    }
}
