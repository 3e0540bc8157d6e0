namespace Serverless.Sessions.Tests.Locations;

public sealed class RefreshLocationTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly List<Service> _services = [];

    public void Dispose() => _services.ForEach(service => service.Dispose());

    [Fact]
    public async Task The_location_of_a_session_is_that_of_its_last_use()
    {
        var service = Start(RefreshReaction.Report);
        var login = await LoginAsync(service, Places.At(Places.Berlin));
        var token = login.Tokens;
        foreach (var location in new[] { Places.Potsdam, new Location("DE"), null, Places.Paris })
        {
            _clock.Advance(TimeSpan.FromHours(1));
            token = Refreshed(await RefreshAsync(service, token, Places.At(location)));
            Assert.Equal(location, (await service.FindAsync(login.Session)).Client.Location);
            Assert.Equal(location?.Country ?? "DE", token.Refresh.Country);
        }

        Assert.Empty(await EventsAsync());
    }

    [Theory]
    [InlineData("FR", 29, true)]
    [InlineData("FR", 30, false)]
    [InlineData("DE", 1, false)]
    [InlineData(null, 1, false)]
    public async Task A_country_that_changed_within_the_life_of_an_access_token_is_told_once(string? country, int minutes, bool isTold)
    {
        var service = Start(RefreshReaction.Report);
        var login = await LoginAsync(service, Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        var client = Places.At(country is null ? null : new(country));
        for (var i = 0; i < 2; i++)
            Refreshed(await RefreshAsync(service, login.Tokens, client, attempt: "one and the same"));
        var notices = await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default);
        if (!isTold)
        {
            Assert.Empty(notices);
            Assert.Empty(await EventsAsync());
            return;
        }

        var told = Assert.Single(await EventsAsync());
        Assert.Equal(
            (SecurityEventKind.CountryChanged, login.Session.Id, new LocationChange("DE", "FR", Elapsed: TimeSpan.FromMinutes(minutes))),
            (told.Kind, told.SessionId, told.Change));
        Assert.Equal([new(1, new(NoticeKind.CountryChanged, _clock.GetUtcNow(), login.Session.Id, client))], notices);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(20, false)]
    public async Task An_address_that_is_not_known_leaves_the_country_and_its_time(int minutes, bool isTold)
    {
        var service = Start(RefreshReaction.Report);
        var login = await LoginAsync(service, Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        var first = Refreshed(await RefreshAsync(service, login.Tokens, Service.Client));
        // Another tab gets the successor from the row, which has no location now.
        var tokens = Refreshed(await RefreshAsync(service, login.Tokens, Service.Client));
        Assert.Equal((first.Refresh.Country, first.Refresh.LocatedAt), (tokens.Refresh.Country, tokens.Refresh.LocatedAt));
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        Refreshed(await RefreshAsync(service, tokens, Places.In("FR")));
        TimeSpan?[] expected = isTold ? [TimeSpan.FromMinutes(2 * minutes)] : [];
        Assert.Equal(expected, (await EventsAsync()).Select(told => told.Change!.Elapsed));
    }

    [Fact]
    public async Task Each_change_is_an_event_and_a_user_is_told_of_a_country_once()
    {
        var service = Start(RefreshReaction.Report);
        var email = (await service.CreateAccountAsync()).Email;
        await service.LoginAsync(email, client: Places.In("US"));
        var login = await service.LoginAsync(email, client: Places.In("DE"));
        var tokens = login.Tokens;
        foreach (var country in new[] { "FR", "DE", "US", "FR" })
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            tokens = Refreshed(await RefreshAsync(service, tokens, Places.In(country)));
        }

        Assert.Equal(4, (await EventsAsync()).Count);
        var told = (await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default))
            .Select(stored => stored.Notice).Where(notice => notice.Kind == NoticeKind.CountryChanged);
        Assert.Equal("FR", Assert.Single(told).Client.Location!.Country);
    }

    [Fact]
    public async Task To_go_back_is_no_news_even_where_the_login_had_no_location()
    {
        var service = Start(RefreshReaction.Report);
        var login = await LoginAsync(service, Service.Client);
        var tokens = login.Tokens;
        foreach (var country in new[] { "DE", "FR", "DE", "FR" })
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            tokens = Refreshed(await RefreshAsync(service, tokens, Places.In(country)));
        }

        Assert.Equal(3, (await EventsAsync()).Count);
        Assert.Single(await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default));
    }

    [Fact]
    public async Task A_theft_is_a_theft_wherever_it_comes_from()
    {
        var service = Start(RefreshReaction.EndSession);
        var login = await LoginAsync(service, Places.In("DE"));
        Refreshed(await RefreshAsync(service, login.Tokens, Places.In("DE")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<RefreshSessionResult.Reused>(await RefreshAsync(service, login.Tokens, Places.In("FR")));
        Assert.Equal(EndReason.TokenReuse, (await service.FindAsync(login.Session)).Ending!.Reason);
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task A_lost_reply_that_is_repeated_from_another_country_is_told_and_goes_on()
    {
        var service = Start(RefreshReaction.EndSession);
        var login = await LoginAsync(service, Places.In("DE"));
        var lost = Refreshed(await RefreshAsync(service, login.Tokens, Places.In("DE"), attempt: "one and the same"));
        _clock.Advance(TimeSpan.FromMinutes(5));
        var repeated = Refreshed(await RefreshAsync(service, login.Tokens, Places.In("FR"), attempt: "one and the same"));
        Assert.Equal((lost.Refresh.Generation, "DE"), (repeated.Refresh.Generation, repeated.Refresh.Country));
        Assert.Equal("FR", Assert.Single(await EventsAsync()).Change!.To);
        Refreshed(await RefreshAsync(service, repeated, Places.In("DE")));
    }

    [Theory]
    [InlineData(RefreshReaction.Report)]
    [InlineData(RefreshReaction.EndSession)]
    public async Task A_refresh_that_rotates_nothing_is_compared_too(RefreshReaction reaction)
    {
        foreach (var byCookie in new[] { true, false })
        {
            var service = Start(reaction);
            var login = await LoginAsync(service, Places.In("DE"));
            if (!byCookie)
                Refreshed(await RefreshAsync(service, login.Tokens, Places.In("DE")));
            _clock.Advance(TimeSpan.FromSeconds(10));
            // A young cookie, or another tab.
            var result = await service.RefreshSession.ExecuteAsync(login.Tokens.RefreshText, null, default, byCookie, Places.In("FR"), default);
            Assert.Equal(
                reaction == RefreshReaction.EndSession ? typeof(RefreshSessionResult.Ended)
                : byCookie ? typeof(RefreshSessionResult.Kept) : typeof(RefreshSessionResult.Refreshed), result.GetType());
            Assert.Single(await EventsAsync(), told => told.SessionId == login.Session.Id);
            if (reaction == RefreshReaction.EndSession)
                continue;
            // The rotation that follows is the same change: its user is told by it.
            Assert.Empty(await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default));
            _clock.Advance(TimeSpan.FromMinutes(1));
            var current = result is RefreshSessionResult.Refreshed other ? other.Tokens : login.Tokens;
            Refreshed(await RefreshAsync(service, current, Places.In("FR")));
            Assert.Single(await EventsAsync(), told => told.SessionId == login.Session.Id);
            Assert.Single(await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default));
        }
    }

    [Fact]
    public async Task A_refresh_that_dies_behind_its_event_tells_no_other_when_it_is_repeated()
    {
        var dead = Intercepted.Around(_stores.Sessions, Intercepted.Away(nameof(ISessionStore.TryRotateAsync)));
        var login = await LoginAsync(Start(RefreshReaction.Report), Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            RefreshAsync(Start(RefreshReaction.Report, _stores with { Sessions = dead }), login.Tokens, Places.In("FR")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Refreshed(await RefreshAsync(Start(RefreshReaction.Report), login.Tokens, Places.In("FR")));
        Assert.Single(await EventsAsync());
    }

    [Fact]
    public async Task A_session_whose_country_changed_may_need_a_fresh_proof()
    {
        var service = Start(RefreshReaction.FreshProof);
        var login = await LoginAsync(service, Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        var tokens = Refreshed(await RefreshAsync(service, login.Tokens, Places.In("FR")));
        var stored = await service.FindAsync(login.Session);
        Assert.All([stored.Authentication, tokens.Access.Authentication, tokens.Refresh.Claims.Authentication], proof =>
            Assert.Equal(new(DateTimeOffset.UnixEpoch, AuthenticationMethods.Password), proof));
        await service.StepUpAsync(login.Session);
        _clock.Advance(TimeSpan.FromMinutes(1));
        tokens = Refreshed(await RefreshAsync(service, tokens, Places.In("FR")));
        Assert.True(new SessionPolicies().Of([], remember: false).IsFresh(tokens.Access.Authentication, _clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_session_whose_country_changed_may_end()
    {
        var service = Start(RefreshReaction.EndSession);
        var login = await LoginAsync(service, Places.In("DE"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 2; i++)
        {
            var over = Assert.IsType<RefreshSessionResult.Ended>(await RefreshAsync(service, login.Tokens, Places.In("FR")));
            Assert.Equal(EndReason.LocationChanged, over.Reason);
        }

        Assert.Equal(EndReason.LocationChanged, (await service.FindAsync(login.Session)).Ending!.Reason);
        Assert.Single(await EventsAsync());
        var notice = Assert.Single(await _stores.Mailbox.ReadNoticesAsync(login.Session.UserId, 0, 10, default));
        Assert.Equal(NoticeKind.CountryChanged, notice.Notice.Kind);
        Assert.Null((await service.AuditSession.ExecuteAsync(login.Session.UserId, login.Session.Id, default))!.Verdict.Break);
    }

    private Service Start(RefreshReaction reaction, Stores? stores = null)
    {
        _services.Add(new(stores ?? _stores, _clock, locationRules: new() { CountryChange = reaction }));
        return _services[^1];
    }

    private static async Task<StartSessionResult.Started> LoginAsync(Service service, ClientInfo client) =>
        await service.LoginAsync((await service.CreateAccountAsync()).Email, client: client);

    private static Task<RefreshSessionResult> RefreshAsync(Service service, IssuedTokens tokens, ClientInfo client, string? attempt = null) =>
        service.RefreshSession.ExecuteAsync(tokens.RefreshText, attempt, default, false, client, default);

    private static IssuedTokens Refreshed(RefreshSessionResult result) => Assert.IsType<RefreshSessionResult.Refreshed>(result).Tokens;

    private async Task<List<SecurityEvent>> EventsAsync() =>
        await _stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.UnixEpoch, _clock.GetUtcNow(), default).ToListAsync();
}
