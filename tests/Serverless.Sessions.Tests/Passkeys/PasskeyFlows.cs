namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A service, a user who is logged in, and an authenticator.</summary>
internal sealed class PasskeyFlows : IDisposable
{
    private readonly Service _service;
    private readonly AccountOptions? _accountOptions;
    private readonly PasskeyOptions? _passkeyOptions;

    public PasskeyFlows(AccountOptions? accountOptions = null, PasskeyOptions? passkeyOptions = null, Stores? stores = null)
    {
        (Mails, _accountOptions, _passkeyOptions) = (new(), accountOptions, passkeyOptions);
        _service = new(
            stores ?? InMemoryStores.Create(), new(), accountOptions: accountOptions, sender: Mails, passkeyOptions: passkeyOptions);
    }

    public MailSink Mails { get; }
    public Service Service => _service;
    public Stores Stores => _service.Stores;
    public SoftwareAuthenticator Authenticator { get; init; } = new(Service.Origin);

    /// <summary>Another instance on the same rows.</summary>
    public Service Beside(Stores stores) => new(
        stores, _service.Clock, accountOptions: _accountOptions, sender: Mails, passkeyOptions: _passkeyOptions);

    public Service Dying(Killer killer) => Beside(killer.Around(Stores));

    public async Task<Session> NewSessionAsync() => (await _service.LoginAsync()).Session;

    public async Task<(Session Session, Passkey Passkey)> NewPasskeyAsync()
    {
        var session = await NewSessionAsync();
        return (session, await AddAsync(session));
    }

    public async Task<Passkey> AddAsync(Session session, SoftwareAuthenticator? authenticator = null) =>
        Assert.IsType<RegisterPasskeyResult.Registered>(await RegisterAsync(session, authenticator: authenticator)).Passkey;

    public async Task<RegisterPasskeyResult> RegisterAsync(
        Session session, PasskeyLies? lies = null, string? name = null, string? header = Service.Origin, SoftwareAuthenticator? authenticator = null) =>
        await RegisterAsync(_service, session, await CreateAsync(session, lies, header, authenticator), name);

    public static Task<RegisterPasskeyResult> RegisterAsync(Service service, Session session, PasskeyResponse response, string? name = null) =>
        service.RegisterPasskey.ExecuteAsync(session, response, name, Service.Client, default);

    public async Task<PasskeyResponse> CreateAsync(
        Session session, PasskeyLies? lies = null, string? header = Service.Origin, SoftwareAuthenticator? authenticator = null)
    {
        var ceremony = await _service.StartPasskeyRegistration.ExecuteAsync(session, header, default);
        // So that one authenticator makes several.
        var told = (lies ?? PasskeyLies.None) with { IgnoresExcluded = true };
        return Response(ceremony!, (authenticator ?? Authenticator).Create(ceremony!.Options, told), header);
    }

    public async Task<PasskeyResponse> GetAsync(PasskeyLies? lies = null, string? header = Service.Origin, SoftwareAuthenticator? authenticator = null)
    {
        var ceremony = await _service.StartPasskeyLogin.ExecuteAsync(header, default);
        return Response(ceremony, (authenticator ?? Authenticator).Get(ceremony.Options, lies), header);
    }

    public static PasskeyResponse Response(Ceremony ceremony, JsonNode credential, string? header = Service.Origin) =>
        new(ceremony.State, JsonSerializer.SerializeToElement(credential), header);

    public async Task<StartSessionResult> TryLoginAsync(PasskeyLies? lies = null, string? header = Service.Origin) =>
        await LoginAsync(_service, await GetAsync(lies, header));

    public static Task<StartSessionResult> LoginAsync(
        Service service, PasskeyResponse response, bool restore = false, bool logsRefusal = true) =>
        service.LogInWithPasskey.ExecuteAsync(new(response, Remember: false, Restore: restore), Service.Client, _ => logsRefusal, default);

    public async Task<Session> LoginAsync() => Assert.IsType<StartSessionResult.Started>(await TryLoginAsync()).Session;

    public static void IsRefused(PasskeyRefusal expected, StartSessionResult result) =>
        Assert.Equal(new StartSessionResult.PasskeyRefused(expected), result);

    public static void IsRefused(PasskeyRefusal expected, RegisterPasskeyResult result) =>
        Assert.Equal(new RegisterPasskeyResult.Refused(expected), result);

    /// <summary>What registers an account with a new passkey.</summary>
    public async Task<PasskeyResponse> CreateAccountAsync(Email email, PasskeyLies? lies = null)
    {
        var ceremony = await _service.StartAccountWithPasskey.ExecuteAsync(email, Service.Origin, default);
        return Response(ceremony, Authenticator.Create(ceremony.Options, lies));
    }

    public static Task<RegisterAccountWithPasskeyResult> RegisterAccountAsync(Service service, PasskeyResponse response, Email? email = null) =>
        service.RegisterAccountWithPasskey.ExecuteAsync(response, email, null, Service.Client with { Language = "de" }, _ => true, default);

    /// <summary>An account that was registered with a passkey, and is not verified.</summary>
    public async Task<Account> NewAccountAsync(Email? email = null) => Assert.IsType<RegisterAccountWithPasskeyResult.Created>(
        await RegisterAccountAsync(_service, await CreateAccountAsync(email ?? Service.NewEmail()))).Account;

    public async Task<Account> AccountOfAsync(Email email) => (await Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account!;

    /// <summary>Uses the link of the last mail of a kind.</summary>
    public async Task<VerifyEmailResult> FollowAsync(Email email, MailKind kind)
    {
        await SendAsync();
        return await _service.VerifyEmail.ExecuteAsync(Mails.TokenOf(email, kind), Service.Client, default);
    }

    public static void IsRefused(PasskeyRefusal expected, RegisterAccountWithPasskeyResult result) =>
        Assert.Equal(new RegisterAccountWithPasskeyResult.Refused(expected), result);

    public async Task SendAsync()
    {
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        await _service.SendOutbox.ExecuteAsync(default);
    }

    public void Dispose() => _service.Dispose();
}
