namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A process that dies at any step leaves each challenge used once or not at all.</summary>
public sealed class PasskeyCrashTests
{
    [Fact]
    public Task A_login_that_dies_has_used_the_assertion_and_opened_one_session_or_neither() => AtEachStepAsync(async (flows, killer) =>
    {
        var (session, _) = await flows.NewPasskeyAsync();
        var response = await flows.GetAsync();
        var result = await DyingAsync(flows, killer, service => PasskeyFlows.LoginAsync(service, response));
        var isOpen = (await flows.Service.ListSessions.ExecuteAsync(session.UserId, default)).Count == 2;
        Assert.True(isOpen || result is null);
        var again = await PasskeyFlows.LoginAsync(flows.Service, response);
        if (isOpen)
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, again);
        else
            Assert.IsType<StartSessionResult.Started>(again);
        Assert.Equal(2, (await flows.Service.ListSessions.ExecuteAsync(session.UserId, default)).Count);
        await flows.LoginAsync();
        return result is null;
    });

    [Fact]
    public Task A_registration_that_dies_has_added_the_passkey_with_its_entry_and_notice_or_nothing() => AtEachStepAsync(async (flows, killer) =>
    {
        var session = await flows.NewSessionAsync();
        var response = await flows.CreateAsync(session);
        var result = await DyingAsync(flows, killer, service => PasskeyFlows.RegisterAsync(service, session, response));
        var isAdded = (await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Count == 1;
        Assert.True(isAdded || result is null);
        var again = await PasskeyFlows.RegisterAsync(flows.Service, session, response);
        if (isAdded)
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, again);
        else
            Assert.IsType<RegisterPasskeyResult.Registered>(again);
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyAdded);
        Assert.Single(await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default));
        await flows.LoginAsync();
        return result is null;
    });

    [Fact]
    public Task A_step_up_that_dies_has_used_the_assertion_and_proved_or_neither() => AtEachStepAsync(async (flows, killer) =>
    {
        var (session, _) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(TimeSpan.FromHours(1));
        var ceremony = (await flows.Service.StartStepUp.ExecuteAsync(session, Service.Origin, default)).Passkey!;
        var response = PasskeyFlows.Response(ceremony, flows.Authenticator.Get(ceremony.Options));
        var result = await DyingAsync(flows, killer, service => service.StepUp.ExecuteAsync(session, response, Service.Client, default));
        var isProved = (await flows.Service.FindAsync(session)).Authentication.IsByPasskey;
        Assert.True(isProved || result is null);
        var again = await flows.Service.StepUp.ExecuteAsync(session, response, Service.Client, default);
        if (isProved)
            Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.CeremonyUsed), again);
        else
            Assert.IsType<StepUpResult.Proved>(again);
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.SteppedUp);
        return result is null;
    });

    private static async Task AtEachStepAsync(Func<PasskeyFlows, Killer, Task<bool>> isKilledAsync)
    {
        var steps = await Killer.AtEachStepAsync(async at =>
        {
            using var flows = new PasskeyFlows();
            return await isKilledAsync(flows, new Killer(at));
        });
        Assert.InRange(steps, 4, 100);
    }

    private static async Task<T?> DyingAsync<T>(PasskeyFlows flows, Killer killer, Func<Service, Task<T>> operation)
        where T : class
    {
        using var service = flows.Dying(killer);
        // An instance that has served anything knows its keys.
        await service.Keys.GetAsync(default);
        return await Killer.RunAsync(() => operation(service));
    }
}
