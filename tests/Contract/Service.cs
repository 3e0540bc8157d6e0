using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Sessions;

namespace Serverless.Testing;

/// <summary>One instance of the service on a set of stores and a fake clock, without HTTP.</summary>
public sealed class Service : IDisposable
{
    public static readonly UserId Administrator = UserId.New(DateTimeOffset.UnixEpoch);

    public const string RelyingParty = "example.com";
    public const string Origin = "https://app.example.com";

    public const string Password = "correct horse battery staple";

    public static readonly ClientInfo Client = new("203.0.113.7", "test/1.0", "a laptop");

    private readonly ServiceProvider _services;

    public Service(
        Stores stores, FakeClock clock, SessionOptions? sessionOptions = null, ICaptcha? captcha = null, bool weakHashes = true,
        PresenceOptions? presenceOptions = null, IWebhook? webhook = null, RetentionOptions? retentionOptions = null,
        TokenOptions? tokenOptions = null, AccountOptions? accountOptions = null, IEmailSender? sender = null,
        IBreachedPasswords? breached = null, PasskeyOptions? passkeyOptions = null, PolicyOptions? policyOptions = null,
        LocationRuleOptions? locationRules = null, IPushSender? pushSender = null, StepUpOptions? stepUpOptions = null,
        Action<IServiceCollection>? configure = null)
    {
        (Stores, Clock) = (stores, clock);
        var services = new ServiceCollection();
        services.AddSessions();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(Options.Create(sessionOptions ?? new SessionOptions()));
        services.AddSingleton(Options.Create(policyOptions ?? new PolicyOptions()));
        services.AddSingleton(Options.Create(presenceOptions ?? new PresenceOptions()));
        services.AddSingleton(Options.Create(retentionOptions ?? new RetentionOptions()));
        services.AddSingleton(Options.Create(tokenOptions ?? new TokenOptions()));
        services.AddSingleton(Options.Create(accountOptions ?? new AccountOptions()));
        services.AddSingleton(Options.Create(passkeyOptions ?? new PasskeyOptions { RelyingPartyId = RelyingParty, Origins = Origin }));
        services.AddSingleton(Options.Create(stepUpOptions ?? new StepUpOptions()));
        services.AddSingleton(Options.Create(locationRules ?? new LocationRuleOptions()));
        // Hashing is tested on its own; here it would only take time.
        services.AddSingleton(Options.Create(new PasswordOptions { WeakHashes = weakHashes }));
        if (captcha is not null)
            services.AddSingleton(captcha);
        if (webhook is not null)
            services.AddSingleton(webhook).AddSingleton<IOutboxChannel, WebhookChannel>();
        if (sender is not null)
            services.AddSingleton(sender).AddSingleton<IOutboxChannel, MailChannel>();
        if (pushSender is not null)
            services.AddSingleton(pushSender).AddSingleton<IOutboxChannel, PushChannel>();
        if (breached is not null)
            services.AddSingleton(breached);
        stores.AddTo(services);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public Stores Stores { get; }
    public FakeClock Clock { get; }
    public IMeterFactory Meters => Get<IMeterFactory>();
    public KeyRingSource Keys => Get<KeyRingSource>();
    public PasswordHashing Hashing => Get<PasswordHashing>();
    public SessionCache Cache => Get<SessionCache>();
    public CreateAccount CreateAccount => Get<CreateAccount>();
    public ImportAccounts ImportAccounts => Get<ImportAccounts>();
    public StartSession StartSession => Get<StartSession>();
    public EndSession EndSession => Get<EndSession>();
    public EndSessions EndSessions => Get<EndSessions>();
    public PropagateRoles PropagateRoles => Get<PropagateRoles>();
    public EndAllSessions EndAllSessions => Get<EndAllSessions>();
    public ChangePassword ChangePassword => Get<ChangePassword>();
    public CloseAccount CloseAccount => Get<CloseAccount>();
    public MarkEmailVerified MarkEmailVerified => Get<MarkEmailVerified>();
    public SendPasswordReset SendPasswordReset => Get<SendPasswordReset>();
    public FindAccount FindAccount => Get<FindAccount>();
    public ListAccounts ListAccounts => Get<ListAccounts>();
    public SearchAccounts SearchAccounts => Get<SearchAccounts>();
    public ChangeAccount ChangeAccount => Get<ChangeAccount>();
    public ListSessions ListSessions => Get<ListSessions>();
    public Farewells Farewells => Get<Farewells>();
    public SubscribeToPush SubscribeToPush => Get<SubscribeToPush>();
    public ChooseNotifications ChooseNotifications => Get<ChooseNotifications>();
    public RecordHeartbeat Heartbeat => Get<RecordHeartbeat>();
    public ReadPresence ReadPresence => Get<ReadPresence>();
    public SendMessage SendMessage => Get<SendMessage>();
    public ReadConversation ReadConversation => Get<ReadConversation>();
    public MarkMessagesRead MarkMessagesRead => Get<MarkMessagesRead>();
    public StartPasskeyRegistration StartPasskeyRegistration => Get<StartPasskeyRegistration>();
    public RegisterPasskey RegisterPasskey => Get<RegisterPasskey>();
    public ListPasskeys ListPasskeys => Get<ListPasskeys>();
    public RenamePasskey RenamePasskey => Get<RenamePasskey>();
    public RemovePasskey RemovePasskey => Get<RemovePasskey>();
    public KeepPasskey KeepPasskey => Get<KeepPasskey>();
    public SecureAccount SecureAccount => Get<SecureAccount>();
    public StartAccountWithPasskey StartAccountWithPasskey => Get<StartAccountWithPasskey>();
    public RegisterAccountWithPasskey RegisterAccountWithPasskey => Get<RegisterAccountWithPasskey>();
    public PasskeyVerifier Verifier => Get<PasskeyVerifier>();
    public StartPasskeyLogin StartPasskeyLogin => Get<StartPasskeyLogin>();
    public LogInWithPasskey LogInWithPasskey => Get<LogInWithPasskey>();
    public StartStepUp StartStepUp => Get<StartStepUp>();
    public StepUp StepUp => Get<StepUp>();
    public RefreshSession RefreshSession => Get<RefreshSession>();
    public CheckSession CheckSession => Get<CheckSession>();
    public RegisterAccount RegisterAccount => Get<RegisterAccount>();
    public SendVerification SendVerification => Get<SendVerification>();
    public VerifyEmail VerifyEmail => Get<VerifyEmail>();
    public RequestPasswordReset RequestPasswordReset => Get<RequestPasswordReset>();
    public ResetPassword ResetPassword => Get<ResetPassword>();
    public ChangeEmail ChangeEmail => Get<ChangeEmail>();
    public AccountFence Fence => Get<AccountFence>();
    public SetPassword SetPassword => Get<SetPassword>();
    public PurgeExpiredSessions Purge => Get<PurgeExpiredSessions>();
    public FlagSuspiciousIps Flag => Get<FlagSuspiciousIps>();
    public RaiseSecurityEvent RaiseEvent => Get<RaiseSecurityEvent>();
    public FinishAccountChanges FinishChanges => Get<FinishAccountChanges>();
    public RaiseSecurityAlerts RaiseAlerts => Get<RaiseSecurityAlerts>();
    public OutboxQueue OutboxQueue => Get<OutboxQueue>();
    public SendOutbox SendOutbox => Get<SendOutbox>();
    public RollUpStatistics RollUp => Get<RollUpStatistics>();
    public PurgeOldLogs PurgeOldLogs => Get<PurgeOldLogs>();
    public ReadActivity ReadActivity => Get<ReadActivity>();
    public ReadLiveStatistics LiveStatistics => Get<ReadLiveStatistics>();
    public RotateKeys RotateKeys => Get<RotateKeys>();
    public ReadRevocations Revocations => Get<ReadRevocations>();
    public AccessTokenReader AccessTokens => Get<AccessTokenReader>();
    public AuditSession AuditSession => Get<AuditSession>();
    public AuditUser AuditUser => Get<AuditUser>();
    public ReadHealth ReadHealth => Get<ReadHealth>();
    public CheckReadiness Readiness => Get<CheckReadiness>();

    public static Email NewEmail() =>
        Email.TryParse($"{Guid.NewGuid():N}@example.com", out var email) ? email : throw new InvalidOperationException();

    public async Task<Account> CreateAccountAsync(Email? email = null, string role = "reader")
    {
        var result = await CreateAccount.ExecuteAsync(email ?? NewEmail(), new(Password), [role], Actor.Of(Client), default);
        return Assert.IsType<CreateAccountResult.Created>(result).Account;
    }

    public async Task<Session> NewAdministratorAsync() => (await LoginAsync((await CreateAccountAsync(role: Roles.Admin)).Email)).Session;

    public Task<StartSessionResult> TryLoginAsync(
        Email email, string password = Password, bool remember = false, ClientInfo? client = null, bool restore = false) =>
        StartSession.ExecuteAsync(new(email, new(password), remember, Restore: restore), client ?? Client, default);

    public Task<CloseAccountResult> CloseAsync(Session session, string? password = Password) =>
        CloseAccount.ExecuteAsync(session, password is null ? null : new(password), Client, default);

    public Task<StepUpResult> TryStepUpAsync(Session session, string password = Password) =>
        StepUp.ExecuteAsync(session, new Password(password), Client, default);

    public async Task<StepUpResult.Proved> StepUpAsync(Session session) =>
        Assert.IsType<StepUpResult.Proved>(await TryStepUpAsync(session));

    /// <summary>Stores a proof of now by a synced passkey.</summary>
    public async Task ProveByPasskeyAsync(Session session)
    {
        var stored = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!;
        var now = Clock.GetUtcNow();
        var unchained = new LogEntry(LogAction.SteppedUp, now, session.Id, Client);
        var entry = AuditChain.Append(stored.Session.Audit, unchained, session.UserId, (await Keys.GetAsync(default)).AuditKeyAt(now));
        var proved = stored.Session with
        {
            Authentication = new(now, AuthenticationMethods.SoftwareKey | AuthenticationMethods.Presence),
            Audit = entry.Head,
        };
        Assert.True(await Stores.Sessions.TryStepUpAsync(proved, stored.Version, entry, null, default));
    }

    public async Task<StartSessionResult.Started> LoginAsync(Email email, bool remember = false, ClientInfo? client = null) =>
        Assert.IsType<StartSessionResult.Started>(await TryLoginAsync(email, remember: remember, client: client));

    public async Task<StartSessionResult.Started> LoginAsync(bool remember = false) =>
        await LoginAsync((await CreateAccountAsync()).Email, remember);

    public Task<RefreshSessionResult> TryRefreshAsync(
        string refreshToken, string? attempt = null, bool byCookie = false, TimeSpan idleFor = default) =>
        RefreshSession.ExecuteAsync(refreshToken, attempt, idleFor, byCookie, Client, default);

    public async Task<IssuedTokens> RefreshAsync(string refreshToken, string? attempt = null, TimeSpan idleFor = default) =>
        Assert.IsType<RefreshSessionResult.Refreshed>(await TryRefreshAsync(refreshToken, attempt, idleFor: idleFor)).Tokens;

    public Task<EndReason?> BeatAsync(Session session, bool isActive = true) =>
        Heartbeat.ExecuteAsync(session.UserId, session.Id, isActive, default);

    public Task<EndSessionResult> LogoutAsync(Session session) =>
        EndSession.ExecuteAsync(session.UserId, session.Id, EndReason.Logout, Actor.Of(Client), default);

    public async Task<CheckSessionResult> CheckAsync(Session session) =>
        await CheckSession.ExecuteAsync(session.UserId, session.Id, default);

    public async Task<string> WriteAsync(RefreshToken token) =>
        RefreshTokenCodec.Write(token, await Keys.GetAsync(default), Clock.GetUtcNow());

    public async Task<Session> FindAsync(Session session) =>
        (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))?.Session ?? throw new InvalidOperationException("gone");

    public async Task<IReadOnlyList<LogEntry>> LogOfAsync(UserId user) =>
    [
        .. (await Stores.Log.ReadAsync(LogOwner.Of(user), null, 1000, default)).Entries
            .Where(entry => entry.Action != LogAction.AccountCreated),
    ];

    public void Dispose() => _services.Dispose();

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
