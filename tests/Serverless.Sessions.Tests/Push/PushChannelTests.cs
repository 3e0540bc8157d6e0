using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.Push;

/// <summary>From what happens to the devices that are told.</summary>
public sealed class PushChannelTests : IDisposable
{
    private static readonly ClientInfo Phone = Service.Client with { Device = "a phone" };

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly PushSink _push = new();
    private readonly MailSink _mails = new();
    private readonly Service _service;

    public PushChannelTests() => _service = new(_stores, new(), sender: _mails, pushSender: _push);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_login_from_a_new_device_is_told_to_the_other_devices_that_asked_for_it()
    {
        var (email, laptop) = await NewUserAsync("laptop");
        await _service.LoginAsync(email);
        var phone = (await _service.LoginAsync(email, client: Phone)).Session;
        await _service.SubscribeToPush.ExecuteAsync(phone.UserId, phone.Id, PushSink.At("phone"), default);

        Assert.Equal(1, (await SendAsync()).Sent);

        var (endpoint, message, keptFor) = Assert.Single(_push.Taken);
        Assert.Equal(("laptop", AlertKind.NewDevice, phone.Id, phone.CreatedAt), (endpoint, message.Kind, message.Session, message.At));
        Assert.Equal("a phone", message.Client!.Device);
        Assert.InRange(keptFor, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        Assert.NotEqual(laptop.Id, phone.Id);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task A_login_from_a_known_device_promises_nothing_and_neither_does_any_without_a_sender()
    {
        var (email, _) = await NewUserAsync("laptop");
        await _service.LoginAsync(email);
        using var off = new Service(_stores, _service.Clock);
        await off.LoginAsync(email, client: Phone);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task What_never_happened_is_told_to_nobody_and_forgotten_after_ten_minutes()
    {
        var (_, laptop) = await NewUserAsync("laptop");
        var now = _service.Clock.GetUtcNow();
        foreach (var kind in AlertKind.All)
        {
            var alert = new Alert(kind, laptop.UserId, SessionId.New(), now, Guid.NewGuid());
            await _stores.Outbox.ScheduleAsync(OutboxDue.New(alert.Id, OutboxChannel.Push, $"{alert}", now), default);
        }

        Assert.Equal(new(), await SendAsync());
        Assert.Equal(AlertKind.All.Count, (await DueAsync()).Count);
        Assert.Equal(new(), await SendAsync(TimeSpan.FromMinutes(11)));
        Assert.Empty(_push.Taken);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task A_reuse_is_told_to_the_others_and_ends_the_subscription_of_its_session()
    {
        var (email, _) = await NewUserAsync("laptop");
        var stolen = await _service.LoginAsync(email);
        await SubscribeAsync(stolen.Session, "stolen");
        var next = await _service.RefreshAsync(stolen.Tokens.RefreshText);
        await _service.RefreshAsync(next.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(stolen.Tokens.RefreshText));

        await SendAsync();

        Assert.Equal(("laptop", AlertKind.TokenReuse), Assert.Single(_push.Taken.Select(each => (each.Endpoint, each.Message.Kind))));
        Assert.Null((await _service.FindAsync(stolen.Session)).Push);
    }

    [Fact]
    public async Task A_reuse_whose_end_takes_two_tries_is_told_once()
    {
        var (email, _) = await NewUserAsync("laptop");
        var stolen = await _service.LoginAsync(email);
        var next = await _service.RefreshAsync(stolen.Tokens.RefreshText);
        await _service.RefreshAsync(next.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(1));
        // Something else changes the row before its end is stored.
        var busy = Intercepted.Around(_stores.Sessions, Intercepted.Once(nameof(ISessionStore.TryEndAsync), () =>
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(1));
            return SubscribeAsync(stolen.Session, "stolen");
        }));
        using var service = new Service(_stores with { Sessions = busy }, _service.Clock, sender: _mails, pushSender: _push);
        Assert.IsType<RefreshSessionResult.Reused>(await service.TryRefreshAsync(stolen.Tokens.RefreshText));
        Assert.Equal(2, (await DueAsync()).Count);
        await SendAsync();
        Assert.Equal(["token_reuse"], _push.KindsAt("laptop"));
        await SendAsync(TimeSpan.FromMinutes(11));
        Assert.Equal(["token_reuse"], _push.KindsAt("laptop"));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task A_new_password_is_told_to_the_devices_that_it_logs_out_and_to_none_that_was_logged_out_before()
    {
        var (email, left) = await NewUserAsync("left");
        var loggedOut = (await _service.LoginAsync(email)).Session;
        await SubscribeAsync(loggedOut, "logged out");
        var here = (await _service.LoginAsync(email)).Session;
        await SubscribeAsync(here, "here");
        await _service.LogoutAsync(loggedOut);
        Assert.Null((await _service.FindAsync(loggedOut)).Push);

        Assert.IsType<ChangePasswordResult.Changed>(
            await _service.ChangePassword.ExecuteAsync(here, new(Service.Password), new("another horse battery"), Service.Client, default));
        Assert.DoesNotContain(await DueAsync(), due => due.Channel == OutboxChannel.Push);
        var ended = await _service.FindAsync(left);
        Assert.Equal((EndReason.PasswordChanged, null), (ended.Ending!.Reason, ended.Push));
        await SendFarewellsAsync(1);
        await SendAsync();

        // It may be a thief's, so it says nothing of who did it, and where.
        var (endpoint, message, keptFor) = Assert.Single(_push.Taken);
        Assert.Equal(("left", new(AlertKind.PasswordChanged, ended.Ending.At, null, null)), (endpoint, message));
        Assert.InRange(keptFor, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        // Not of a later one, which didn't end it.
        Assert.IsType<ChangePasswordResult.Changed>(
            await _service.ChangePassword.ExecuteAsync(here, new("another horse battery"), new(Service.Password), Service.Client, default));
        await SendAsync();
        Assert.Single(_push.Taken);
    }

    [Fact]
    public async Task A_login_is_told_to_who_wants_any_of_what_it_is_as_what_they_want()
    {
        var abroad = Phone with { Location = new("FR") };
        foreach (var chosen in (AlertTopics[])[AlertTopics.NewDevice, AlertTopics.NewDevice | AlertTopics.NewCountry, AlertTopics.None])
        {
            var email = (await _service.CreateAccountAsync()).Email;
            var laptop = (await _service.LoginAsync(email, client: Service.Client with { Location = new("DE") })).Session;
            await SubscribeAsync(laptop, $"{email}");
            var unpushed = (AlertTopics.NewDevice | AlertTopics.NewCountry) & ~chosen;
            await _service.ChooseNotifications.ExecuteAsync(laptop, _ => new(chosen, unpushed), default);
            await _service.LoginAsync(email, client: abroad);
            await SendAsync();
            var (mail, push) = chosen switch
            {
                AlertTopics.NewDevice => ((MailKind?)MailKind.NewDevice, "new_device"),
                AlertTopics.None => (null, null),
                _ => (MailKind.NewCountry, "new_country"),
            };
            Assert.Equal(mail, _mails.To(email).Select(sent => (MailKind?)sent.Kind).SingleOrDefault());
            Assert.Equal(push, _push.KindsAt($"{email}").SingleOrDefault());
        }
    }

    [Fact]
    public async Task A_new_email_is_told_and_its_device_is_that_of_the_link()
    {
        var (_, laptop) = await NewUserAsync("laptop");
        var to = Service.NewEmail();
        await _service.ChangeEmail.ExecuteAsync(laptop, to, new(Service.Password), Service.Client, () => true, default);
        await SendAsync();
        Assert.IsType<VerifyEmailResult.Verified>(
            await _service.VerifyEmail.ExecuteAsync(_mails.TokenOf(to, MailKind.ChangeEmail), Phone, default));
        await SendAsync();
        var message = Assert.Single(_push.Taken).Message;
        Assert.Equal((AlertKind.EmailChanged, null, "a phone"), (message.Kind, message.Session, message.Client!.Device));
    }

    [Fact]
    public async Task A_new_passkey_is_told_to_the_others()
    {
        using var flows = new PasskeyFlows(stores: _stores);
        var (email, _) = await NewUserAsync("laptop");
        var here = (await _service.LoginAsync(email)).Session;
        await SubscribeAsync(here, "here");
        var ceremony = await _service.StartPasskeyRegistration.ExecuteAsync(here, Service.Origin, default);
        var response = PasskeyFlows.Response(ceremony!, flows.Authenticator.Create(ceremony!.Options));
        Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(_service, here, response));
        await SendAsync();
        Assert.Equal(("laptop", AlertKind.PasskeyAdded), Assert.Single(_push.Taken.Select(each => (each.Endpoint, each.Message.Kind))));
    }

    [Fact]
    public async Task A_subscription_that_its_service_has_dropped_is_removed_and_a_newer_one_stays()
    {
        var (email, laptop) = await NewUserAsync("gone");
        await _service.LoginAsync(email, client: Phone);
        _push.Answers = _ => new(SendOutcome.Refused, "it answered 410");
        Assert.Equal(1, (await SendAsync()).Sent);
        Assert.Null((await _service.FindAsync(laptop)).Push);
        Assert.Empty(await DueAsync());

        await SubscribeAsync(laptop, "newer");
        await _service.SubscribeToPush.RemoveAsync(laptop.UserId, laptop.Id, PushSink.At("gone"), default);
        Assert.Equal(PushSink.At("newer"), (await _service.FindAsync(laptop)).Push);
    }

    [Fact]
    public async Task A_device_that_could_not_be_told_is_tried_again_alone_and_not_before_it_asks_for()
    {
        var (email, _) = await NewUserAsync("good");
        await SubscribeAsync((await _service.LoginAsync(email)).Session, "busy");
        await _service.LoginAsync(email, client: Phone);
        _push.Answers = endpoint => endpoint == "busy"
            ? new(SendOutcome.Failed, "it answered 429", TimeSpan.FromHours(1)) : new(SendOutcome.Sent, "so");
        await SendAsync();
        await SendAsync(TimeSpan.FromMinutes(50));
        Assert.Equal((1, 1), (_push.KindsAt("good").Count, _push.KindsAt("busy").Count));

        Assert.Equal(1, (await SendAsync(TimeSpan.FromMinutes(15))).Failed);
        _push.Answers = _ => new(SendOutcome.Sent, "so");
        Assert.Equal(1, (await SendAsync(TimeSpan.FromHours(2))).Sent);
        Assert.Equal((1, 3), (_push.KindsAt("good").Count, _push.KindsAt("busy").Count));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task After_a_day_nobody_is_told_any_more()
    {
        var (email, _) = await NewUserAsync("laptop");
        await _service.LoginAsync(email, client: Phone);
        Assert.Equal(1, (await SendAsync(TimeSpan.FromDays(1))).GivenUp);
        Assert.Empty(_push.Taken);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task A_device_whose_message_fails_unexpectedly_is_told_again_alone()
    {
        var (email, _) = await NewUserAsync("laptop");
        foreach (var endpoint in (string[])["broken", "gone"])
            await SubscribeAsync((await _service.LoginAsync(email)).Session, endpoint);
        await _service.LoginAsync(email, client: Phone);
        _push.Answers = endpoint => endpoint == "broken"
            ? throw new InvalidOperationException() : new(endpoint == "gone" ? SendOutcome.Refused : SendOutcome.Sent, "so");
        // The subscription can't be removed.
        var sessions = Intercepted.Around(_stores.Sessions, Intercepted.Away(nameof(ISessionStore.TrySubscribeAsync)));
        using var failing = new Service(_stores with { Sessions = sessions }, _service.Clock, sender: _mails, pushSender: _push);
        _service.Clock.Advance(TimeSpan.FromMinutes(2));
        await failing.SendOutbox.ExecuteAsync(default);
        Assert.Equal(3, _push.Taken.Count);

        _push.Answers = endpoint => new(endpoint == "gone" ? SendOutcome.Refused : SendOutcome.Sent, "so");
        await SendAsync();
        await SendAsync();
        Assert.Equal((1, 2, 2), (_push.KindsAt("laptop").Count, _push.KindsAt("broken").Count, _push.KindsAt("gone").Count));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task What_a_user_chose_not_to_be_told_is_not_and_changes_of_the_account_always_are()
    {
        var (email, laptop) = await NewUserAsync("laptop");
        await _service.ChooseNotifications.ExecuteAsync(laptop, _ => new(AlertTopics.None, AlertTopics.NewDevice), default);
        var phone = (await _service.LoginAsync(email, client: Phone)).Session;
        await _service.ChangePassword.ExecuteAsync(phone, new(Service.Password), new("another horse battery"), Service.Client, default);
        await SendAsync();
        await SendFarewellsAsync(1);
        Assert.Equal(["password_changed"], _push.KindsAt("laptop"));
    }

    [Fact]
    public async Task A_user_who_chose_mail_gets_one_for_a_new_device_and_for_a_reuse_and_others_get_none()
    {
        foreach (var chosen in (AlertTopics[])[AlertTopics.NewDevice | AlertTopics.TokenReuse, AlertTopics.None])
        {
            var (email, laptop) = await NewUserAsync("laptop");
            await _service.ChooseNotifications.ExecuteAsync(laptop, _ => new(chosen, AlertTopics.None), default);
            var phone = await _service.LoginAsync(email, client: Phone);
            await _service.LoginAsync(email, client: Phone);
            var next = await _service.RefreshAsync(phone.Tokens.RefreshText);
            await _service.RefreshAsync(next.RefreshText);
            _service.Clock.Advance(TimeSpan.FromHours(1));
            await _service.TryRefreshAsync(phone.Tokens.RefreshText);
            await SendAsync();
            MailKind[] expected = chosen == AlertTopics.None ? [] : [MailKind.NewDevice, MailKind.TokenReuse];
            Assert.Equal(expected, _mails.To(email).Select(mail => mail.Kind).Order());
        }
    }

    [Fact]
    public async Task Subscribing_again_with_the_same_writes_nothing_and_a_session_that_is_over_takes_none()
    {
        var (_, laptop) = await NewUserAsync("laptop");
        var before = await _stores.Sessions.FindAsync(laptop.UserId, laptop.Id, default);
        await SubscribeAsync(laptop, "laptop");
        Assert.Equal(before!.Version, (await _stores.Sessions.FindAsync(laptop.UserId, laptop.Id, default))!.Version);
        await _service.LogoutAsync(laptop);
        Assert.Equal(
            new CheckSessionResult.Ended(EndReason.Logout),
            await _service.SubscribeToPush.ExecuteAsync(laptop.UserId, laptop.Id, PushSink.At("laptop"), default));
    }

    [Fact]
    public void The_key_of_a_due_row_reads_back_and_anything_else_is_none()
    {
        foreach (var session in (SessionId?[])[SessionId.New(), null])
        {
            var alert = new Alert(AlertKind.EmailChanged, UserId.New(default), session, DateTimeOffset.UnixEpoch, Guid.NewGuid())
            {
                Target = session,
                Topics = AlertTopics.NewDevice | AlertTopics.TokenReuse,
            };
            Assert.True(Alert.TryParse($"{alert}", out var read));
            Assert.Equal(alert, read);
            Assert.False(Alert.TryParse($"{alert}.", out _));
            Assert.False(Alert.TryParse($"{alert}"[1..], out _));
        }
    }

    private async Task<(Email Email, Session Session)> NewUserAsync(string endpoint)
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var session = (await _service.LoginAsync(email)).Session;
        await SubscribeAsync(session, endpoint);
        return (email, session);
    }

    private async Task SubscribeAsync(Session session, string endpoint) => Assert.IsType<CheckSessionResult.Valid>(
        await _service.SubscribeToPush.ExecuteAsync(session.UserId, session.Id, PushSink.At(endpoint), default));

    private async Task SendFarewellsAsync(int count)
    {
        await foreach (var farewell in _service.Farewells.ReadAllAsync(default).Take(count))
            await _service.Farewells.SendAsync(farewell, default);
    }

    private Task<OutboxReport> SendAsync(TimeSpan? after = null)
    {
        _service.Clock.Advance(after ?? TimeSpan.FromMinutes(2));
        return _service.SendOutbox.ExecuteAsync(default);
    }

    private async Task<IReadOnlyList<OutboxDue>> DueAsync() =>
        await _stores.Outbox.ReadDueAsync(_service.Clock.GetUtcNow().AddDays(30), default).ToListAsync();
}
