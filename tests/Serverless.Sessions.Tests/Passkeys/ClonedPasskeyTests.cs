namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A copy of a passkey, whose counter is behind.</summary>
public sealed class ClonedPasskeyTests
{
    [Fact]
    public async Task A_counter_that_goes_back_is_refused_and_told_to_everyone_once()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Counts = true } };
        var (session, passkey) = await flows.NewPasskeyAsync();
        var clone = flows.Authenticator.Clone();
        await flows.LoginAsync();
        await flows.LoginAsync();
        var response = await flows.GetAsync(authenticator: clone);
        PasskeyFlows.IsRefused(PasskeyRefusal.Cloned, await PasskeyFlows.LoginAsync(flows.Service, response));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.LoginAsync(flows.Service, response));
        PasskeyFlows.IsRefused(PasskeyRefusal.Cloned, await flows.TryLoginAsync(new() { Counter = 0 }));

        var entries = (await flows.Service.LogOfAsync(session.UserId)).Where(entry => entry.Action == LogAction.PasskeyCloned).ToList();
        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Equal((false, $"{passkey.Id}"), (entry.Success, entry.Error)));
        var notices = await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default);
        Assert.Equal(2, notices.Count(notice => notice.Notice.Kind == NoticeKind.PasskeyCloned));
        await flows.SendAsync();
        Assert.Equal(2, flows.Mails.To(session.Email).Count(mail => mail.Kind == MailKind.PasskeyCloned));
        var events = await flows.Stores.SecurityEvents.ReadEventsAsync(
            flows.Service.Clock.GetUtcNow().AddHours(-1), flows.Service.Clock.GetUtcNow(), default).ToListAsync();
        Assert.Equal(2, events.Count(each => each.Kind == SecurityEventKind.PasskeyCloned && each.UserId == session.UserId));
        await flows.LoginAsync();
    }

    [Theory]
    [InlineData("a notice comes first")]
    [InlineData("what had expired is removed")]
    [InlineData("the reply is lost")]
    [InlineData("the caller hangs up")]
    public async Task A_cloned_passkey_is_on_record_once_whatever_comes_between(string what)
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Counts = true } };
        var (session, _) = await flows.NewPasskeyAsync();
        var clone = flows.Authenticator.Clone();
        await flows.LoginAsync();
        await flows.LoginAsync();
        // Longer than a challenge is kept.
        flows.Service.Clock.Advance(TimeSpan.FromMinutes(30));
        var response = await flows.GetAsync(authenticator: clone);
        using var hungUp = new CancellationTokenSource();
        var refusals = 0;
        using var racing = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(
                flows.Stores.Passkeys,
                before: Intercepted.Once(nameof(IPasskeyStore.TryRefuseAsync), async () =>
                {
                    if (what == "what had expired is removed")
                        await flows.Stores.Retention.RemoveChallengesAsync(session.UserId, flows.Service.Clock.GetUtcNow(), default);
                    if (what == "the caller hangs up")
                        await hungUp.CancelAsync();
                }),
                instead: (call, send) => call != nameof(IPasskeyStore.TryRefuseAsync) ? null
                    : what == "a notice comes first" ? RefuseOnceAsync(send)
                    : what == "the reply is lost" ? SendTwiceAsync(send) : null),
        });
        PasskeyFlows.IsRefused(
            PasskeyRefusal.Cloned, await racing.LogInWithPasskey.ExecuteAsync(new(response, Remember: false), Service.Client, _ => true, hungUp.Token));

        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyCloned);
        var notices = await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default);
        Assert.Single(notices, notice => notice.Notice.Kind == NoticeKind.PasskeyCloned);
        await flows.SendAsync();
        Assert.Single(flows.Mails.To(session.Email), mail => mail.Kind == MailKind.PasskeyCloned);

        Task<bool>? RefuseOnceAsync(Func<Task> send) => refusals++ == 0 ? Task.FromResult(false) : (Task<bool>)send();

        static async Task<bool> SendTwiceAsync(Func<Task> send)
        {
            await send();
            return await (Task<bool>)send();
        }
    }

    [Fact]
    public async Task Of_two_uses_of_one_response_of_a_clone_one_is_told_of_it()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Counts = true } };
        var (session, _) = await flows.NewPasskeyAsync();
        var clone = flows.Authenticator.Clone();
        await flows.LoginAsync();
        await flows.LoginAsync();
        var response = await flows.GetAsync(authenticator: clone);
        using var second = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, before: Intercepted.Once(
                nameof(IPasskeyStore.TryRefuseAsync),
                async () => PasskeyFlows.IsRefused(PasskeyRefusal.Cloned, await PasskeyFlows.LoginAsync(flows.Service, response)))),
        });
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.LoginAsync(second, response));
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyCloned);
    }
}
