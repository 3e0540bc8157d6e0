namespace Serverless.Sessions.Tests.Locations;

public sealed class LoginLocationTests : IDisposable
{
    private static SessionPolicy Policy => new SessionPolicies().Of([], remember: false);

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly List<Service> _services = [];

    public void Dispose() => _services.ForEach(service => service.Dispose());

    [Fact]
    public async Task A_login_from_a_new_country_is_told_to_its_user_and_to_administrators_once()
    {
        var service = Start();
        var account = await service.CreateAccountAsync();
        await LoginAsync(service, account, Places.In("DE"));
        await LoginAsync(service, account, Places.In("DE"));
        Assert.Empty(await NoticesAsync(account));
        var session = (await LoginAsync(service, account, Places.In("FR"))).Session;
        await LoginAsync(service, account, Places.In("FR"));

        Assert.Equal([new(NoticeKind.NewCountry, session.CreatedAt, session.Id, Places.In("FR"))], await NoticesAsync(account));
        for (var run = 0; run < 2; run++)
            await service.RaiseAlerts.ExecuteAsync(default);
        var told = Assert.Single(await EventsAsync());
        Assert.Equal(
            (SecurityEventKind.NewCountry, account.Id, session.Id, "FR", new LocationChange("DE", "FR")),
            (told.Kind, told.UserId, told.SessionId, told.Country, told.Change));
    }

    [Fact]
    public async Task A_login_that_is_farther_from_the_latest_use_than_anyone_travels_is_told()
    {
        var service = Start();
        var account = await service.CreateAccountAsync();
        var first = await LoginAsync(service, account, Places.At(Places.London));
        await LoginAsync(service, account, Places.At(Places.NewYork), TimeSpan.FromHours(8));
        // Two hours ago the account was used in London, by a refresh.
        _clock.Advance(TimeSpan.FromHours(2));
        await service.RefreshSession.ExecuteAsync(first.Tokens.RefreshText, null, default, false, Places.At(Places.London), default);
        var session = (await LoginAsync(service, account, Places.At(Places.Paris with { Country = "US" }), TimeSpan.FromMinutes(10))).Session;
        await service.RaiseAlerts.ExecuteAsync(default);
        var told = Assert.Single(await EventsAsync(), each => each.Kind == SecurityEventKind.ImpossibleTravel);
        Assert.Equal((session.Id, "GB", TimeSpan.FromMinutes(10)), (told.SessionId, told.Change!.From, told.Change.Elapsed));
        Assert.Equal([NoticeKind.NewCountry, NoticeKind.ImpossibleTravel], (await NoticesAsync(account)).Select(notice => notice.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_country_that_a_session_told_its_user_of_is_not_new_at_a_login_unless_that_session_is_over(bool isOver)
    {
        var service = Start();
        var account = await service.CreateAccountAsync();
        var phone = await LoginAsync(service, account, Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.IsType<RefreshSessionResult.Refreshed>(
            await service.RefreshSession.ExecuteAsync(phone.Tokens.RefreshText, null, default, false, Places.In("FR"), default));
        if (isOver)
            await service.LogoutAsync(phone.Session);
        await LoginAsync(service, account, Places.In("FR"));
        Assert.Equal(
            isOver ? [NoticeKind.CountryChanged, NoticeKind.NewCountry] : [NoticeKind.CountryChanged],
            (await NoticesAsync(account)).Select(notice => notice.Kind));
        // Known by the login from then on.
        Assert.Equal(["DE", "FR"], (await ReadAsync(account)).Places.Places.Select(place => place.Country));
    }

    [Fact]
    public async Task A_login_without_a_location_says_nothing_and_is_forgotten()
    {
        var service = Start();
        var account = await service.CreateAccountAsync();
        await LoginAsync(service, account, Service.Client);
        await LoginAsync(service, account, Places.In("DE"));
        await LoginAsync(service, account, Service.Client);
        await LoginAsync(service, account, Places.In("DE"));
        await service.RaiseAlerts.ExecuteAsync(default);
        Assert.Empty(await EventsAsync());
        Assert.Equal(["DE"], (await ReadAsync(account)).Places.Places.Select(place => place.Country));
    }

    [Fact]
    public async Task A_session_whose_location_is_suspicious_may_need_a_fresh_proof()
    {
        var service = Start(new() { NewCountry = LoginReaction.FreshProof });
        var account = await service.CreateAccountAsync();
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(1), (await LoginAsync(service, account, Places.In("DE"))).Session.Authentication.At);
        var login = await LoginAsync(service, account, Places.In("FR"));
        var stored = await service.FindAsync(login.Session);
        Assert.All([login.Session.Authentication, stored.Authentication, login.Tokens.Access.Authentication], proof =>
            Assert.False(Policy.IsFresh(proof, _clock.GetUtcNow())));
        await service.StepUpAsync(login.Session);
        Assert.True(Policy.IsFresh((await service.FindAsync(login.Session)).Authentication, _clock.GetUtcNow()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_login_whose_location_is_refused_is_recorded_and_told(bool isTravel)
    {
        var service = Start(isTravel ? new() { ImpossibleTravel = LoginReaction.Refuse } : new() { NewCountry = LoginReaction.Refuse });
        var account = await service.CreateAccountAsync();
        await LoginAsync(service, account, Places.At(Places.London));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var result = await service.TryLoginAsync(account.Email, client: Places.At(Places.NewYork));
        Assert.IsType<StartSessionResult.LocationRefused>(result);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await service.TryLoginAsync(account.Email, "wrong horse battery staple", client: Places.At(Places.NewYork)));

        var refused = (await service.LogOfAsync(account.Id)).Single(entry => entry.Error == "location_refused");
        Assert.Equal((false, "US"), (refused.Success, refused.Client!.Location!.Country));
        Assert.Equal(["GB"], (await ReadAsync(account)).Places.Places.Select(place => place.Country));
        await service.RaiseAlerts.ExecuteAsync(default);
        Assert.Equal(
            new[] { SecurityEventKind.ImpossibleTravel, SecurityEventKind.NewCountry }.Order(Comparer<SecurityEventKind>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            (await EventsAsync()).Select(each => each.Kind).OrderBy(kind => kind.Name, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(LoginReaction.Refuse)]
    [InlineData(LoginReaction.Captcha)]
    public async Task A_login_that_is_not_let_in_is_told_to_its_user_once_a_day_in_each_way(LoginReaction reaction)
    {
        var (mails, push) = (new MailSink(), new PushSink());
        _services.Add(new(
            _stores, _clock, captcha: new CountingCaptcha(), locationRules: new() { NewCountry = reaction }, sender: mails, pushSender: push));
        var service = _services[^1];
        var account = await service.CreateAccountAsync();
        var laptop = (await service.LoginAsync(account.Email, remember: true, client: Places.In("DE"))).Session;
        await service.SubscribeToPush.ExecuteAsync(laptop.UserId, laptop.Id, PushSink.At("laptop"), default);
        await service.ChooseNotifications.ExecuteAsync(laptop, _ => new(AlertTopics.NewCountry, AlertTopics.None), default);
        var tries = new List<DateTimeOffset>();
        foreach (var after in new[] { TimeSpan.FromSeconds(1), TimeSpan.FromHours(23), TimeSpan.FromHours(1) })
        {
            _clock.Advance(after);
            // A right password from home in between changes nothing.
            await service.TryLoginAsync(account.Email, "wrong horse battery staple", client: Places.In("DE"));
            await service.LoginAsync(account.Email, client: Places.In("DE"));
            tries.Add(_clock.Now());
            Assert.IsNotType<StartSessionResult.Started>(await service.TryLoginAsync(account.Email, client: Places.In("FR")));
            _clock.Advance(TimeSpan.FromMinutes(2));
            await service.SendOutbox.ExecuteAsync(default);
        }

        var told = new[] { tries[0], tries[2] };
        Assert.Equal(
            told.Select(at => new Notice(NoticeKind.LoginRefused, at, null, Places.In("FR"))), await NoticesAsync(account));
        Assert.Equal(
            told.Select(at => ("laptop", AlertKind.LoginRefused, (SessionId?)null, at, "FR")),
            push.Taken.Select(each => (each.Endpoint, each.Message.Kind, each.Message.Session, each.Message.At, each.Message.Client!.Location!.Country)));
        Assert.Equal([MailKind.LoginRefused, MailKind.LoginRefused], mails.To(account.Email).Select(mail => mail.Kind));
        Assert.Equal(3, (await service.LogOfAsync(account.Id)).Count(entry => entry.Error is "location_refused" or "captcha_required"));
    }

    [Fact]
    public async Task A_refused_login_that_dies_before_its_user_was_told_is_told_by_the_next()
    {
        var dead = Intercepted.Around(_stores.Log, Intercepted.Away(nameof(ILogStore.TryAppendAsync)));
        var account = await Start().CreateAccountAsync();
        await LoginAsync(Start(), account, Places.In("DE"));
        _services.Add(new(_stores with { Log = dead }, _clock, locationRules: new() { NewCountry = LoginReaction.Refuse }));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _services[^1].TryLoginAsync(account.Email, client: Places.In("FR")));
        Assert.Empty(await NoticesAsync(account));
        await Start(new() { NewCountry = LoginReaction.Refuse }).TryLoginAsync(account.Email, client: Places.In("FR"));
        Assert.Single(await NoticesAsync(account));
    }

    [Fact]
    public async Task A_refused_login_restores_no_account()
    {
        var service = Start(new() { NewCountry = LoginReaction.Refuse });
        var account = await service.CreateAccountAsync();
        await service.CloseAsync((await LoginAsync(service, account, Places.In("DE"))).Session);
        Assert.IsType<StartSessionResult.LocationRefused>(
            await service.TryLoginAsync(account.Email, client: Places.In("FR"), restore: true));
        Assert.IsType<StartSessionResult.AccountClosing>(await service.TryLoginAsync(account.Email, client: Places.In("DE")));
        Assert.IsType<StartSessionResult.Started>(await service.TryLoginAsync(account.Email, client: Places.In("DE"), restore: true));
    }

    [Fact]
    public async Task A_captcha_is_asked_for_once_the_password_is_right_and_each_is_checked_once()
    {
        var captcha = new CountingCaptcha();
        var service = Start(new() { NewCountry = LoginReaction.Captcha }, captcha);
        var account = await service.CreateAccountAsync();
        await LoginAsync(service, account, Places.In("DE"));
        var request = new LoginRequest(account.Email, new(Service.Password), false);
        Assert.IsType<StartSessionResult.CaptchaRequired>(await service.StartSession.ExecuteAsync(request, Places.In("FR"), default));
        Assert.IsType<StartSessionResult.CaptchaRequired>(
            await service.StartSession.ExecuteAsync(request with { Captcha = new("wrong") }, Places.In("FR"), default));
        Assert.IsType<StartSessionResult.Started>(
            await service.StartSession.ExecuteAsync(request with { Captcha = new("solved") }, Places.In("FR"), default));
        Assert.Equal(["wrong", "solved"], captcha.Asked);
    }

    [Fact]
    public async Task An_account_that_is_erased_keeps_no_places()
    {
        var service = Start();
        var account = await service.CreateAccountAsync();
        await LoginAsync(service, account, Places.At(Places.Berlin));
        var stored = await ReadAsync(account);
        Assert.Equal((false, Places.Berlin), (stored.Places.IsEmpty, stored.LastLocation));
        var closing = stored with { State = AccountState.Closing, EraseAt = _clock.GetUtcNow() };
        Assert.True(await _stores.Accounts.TryReplaceAsync(closing, null, default));
        await _stores.Timeline.ScheduleChangeAsync(new(account.Email.ToAccountKey(), _clock.GetUtcNow()), default);
        await service.FinishChanges.ExecuteAsync(() => false, default);
        var erased = await ReadAsync(account);
        Assert.Equal((AccountState.Erasing, true, null), (erased.State, erased.Places.IsEmpty, erased.LastLocation));
    }

    private Service Start(LocationRuleOptions? rules = null, ICaptcha? captcha = null)
    {
        _services.Add(new(_stores, _clock, captcha: captcha, locationRules: rules));
        return _services[^1];
    }

    private async Task<StartSessionResult.Started> LoginAsync(Service service, Account account, ClientInfo client, TimeSpan? after = null)
    {
        _clock.Advance(after ?? TimeSpan.FromSeconds(1));
        return await service.LoginAsync(account.Email, client: client);
    }

    private async Task<Account> ReadAsync(Account account) =>
        (await _stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;

    private async Task<List<Notice>> NoticesAsync(Account account) =>
        [.. (await _stores.Mailbox.ReadNoticesAsync(account.Id, 0, 100, default)).Select(stored => stored.Notice)];

    private async Task<List<SecurityEvent>> EventsAsync() =>
        await _stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.UnixEpoch, _clock.GetUtcNow(), default).ToListAsync();

    private sealed class CountingCaptcha : ICaptcha
    {
        public List<string> Asked { get; } = [];

        public Task<bool> IsSolvedAsync(CaptchaToken token, string ipAddress, CancellationToken cancellationToken)
        {
            Asked.Add(token.Text);
            return Task.FromResult(token.Text == "solved");
        }
    }
}
