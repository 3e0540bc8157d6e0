namespace Serverless.Sessions.Tests.Sessions;

public sealed class DeviceTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new(), new() { MaximumPerAccount = 3 });

    [Fact]
    public async Task A_list_shows_what_is_good_the_one_used_last_first()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var logins = new List<StartSessionResult.Started>();
        for (var i = 0; i < 3; i++)
        {
            logins.Add(await _service.LoginAsync(email));
            _service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await _service.RefreshAsync(logins[0].Tokens.RefreshText);
        await _service.LogoutAsync(logins[1].Session);
        Assert.Equal([logins[0].Session.Id, logins[2].Session.Id], await ListAsync(logins[0].Session));
    }

    [Fact]
    public async Task A_login_beyond_the_cap_ends_the_session_used_least_recently()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var logins = new List<StartSessionResult.Started>();
        for (var i = 0; i < 4; i++)
        {
            if (i == 3)
                await _service.RefreshAsync(logins[0].Tokens.RefreshText);
            _service.Clock.Advance(TimeSpan.FromSeconds(1));
            logins.Add(await _service.LoginAsync(email));
            _service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([logins[3].Session.Id, logins[0].Session.Id, logins[2].Session.Id], await ListAsync(logins[0].Session));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Evicted), await _service.TryRefreshAsync(logins[1].Tokens.RefreshText));
        var entry = (await _service.LogOfAsync(logins[0].Session.UserId)).Single(each => each.Action == LogAction.SessionRevoked);
        Assert.Equal((logins[1].Session.Id, "evicted"), (entry.SessionId!.Value, entry.Error));
    }

    [Fact]
    public async Task Of_two_logins_at_the_same_time_a_cap_of_one_leaves_the_newer()
    {
        var stores = InMemoryStores.Create();
        using var second = new Service(stores, _service.Clock, new() { MaximumPerAccount = 1 });
        for (var i = 0; i < 8; i++)
        {
            var account = await second.CreateAccountAsync();
            // The other login opens its session and looks for what is too many before this one does.
            var sessions = Intercepted.Around(stores.Sessions, Intercepted.Once(
                nameof(ISessionStore.ListAsync), () => second.LoginAsync(account.Email)));
            using var service = new Service(stores with { Sessions = sessions }, _service.Clock, new() { MaximumPerAccount = 1 });
            await service.LoginAsync(account.Email);
            var left = Assert.Single(await service.ListSessions.ExecuteAsync(account.Id, default)).Stored.Session;
            var ended = Assert.Single(
                await stores.Sessions.ListAsync(account.Id, default), each => each.Stored.Session.Ending is not null).Stored.Session;
            Assert.True(ended.Id.Value < left.Id.Value);
        }
    }

    [Fact]
    public async Task Logins_beside_a_logout_everywhere_are_ended_or_come_after_it()
    {
        using var service = new Service(InMemoryStores.Create(), new());
        var email = (await service.CreateAccountAsync()).Email;
        var here = await service.LoginAsync(email);
        var logins = Enumerable.Range(0, 12).Select(_ => Task.Run(() => service.LoginAsync(email))).ToArray();
        await service.EndAllSessions.ExecuteAsync(here.Session.UserId, here.Session.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default);
        var account = (await service.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account!;
        await Task.WhenAll(logins);
        var open = (await service.ListSessions.ExecuteAsync(account.Id, default)).Count;
        var ended = (await service.LogOfAsync(account.Id)).Count(entry => entry.Action == LogAction.LogoutAll);
        Assert.Equal(13, open + ended);
        Assert.True(ended >= 1);
    }

    public void Dispose() => _service.Dispose();

    private async Task<IEnumerable<SessionId>> ListAsync(Session session) =>
        (await _service.ListSessions.ExecuteAsync(session.UserId, default)).Select(each => each.Stored.Session.Id);
}
