namespace Serverless.Sessions.Tests.Passkeys;

public sealed class PasskeyStepUpTests
{
    [Fact]
    public async Task A_step_up_by_passkey_proves_its_session_and_no_other()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var another = (await flows.Service.LoginAsync(session.Email)).Session;
        flows.Service.Clock.Advance(TimeSpan.FromHours(1));
        var ways = await flows.Service.StartStepUp.ExecuteAsync(session, Service.Origin, default);
        Assert.True(ways.HasPassword);
        Assert.Equal(
            Base64Url.EncodeToString(passkey.CredentialId.Span), (string?)JsonNode.Parse(ways.Passkey!.Options)!["allowCredentials"]![0]!["id"]);
        var response = PasskeyFlows.Response(ways.Passkey, flows.Authenticator.Get(ways.Passkey.Options));
        Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.CeremonyInvalid), await StepUpAsync(flows, another, response));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.LoginAsync(flows.Service, response));
        var proved = Assert.IsType<StepUpResult.Proved>(await StepUpAsync(flows, session, response));
        // The claim has whole seconds.
        Assert.Equal(flows.Service.Clock.GetUtcNow().ToUnixTimeSeconds(), proved.Access.Authentication.At.ToUnixTimeSeconds());
        Assert.True(proved.Access.Authentication.IsByPasskey);
        Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.CeremonyUsed), await StepUpAsync(flows, session, response));
        var entry = (await flows.Service.LogOfAsync(session.UserId))[0];
        Assert.Equal((LogAction.SteppedUp, proved.Access.Authentication.Methods), (entry.Action, entry.Methods));
        Assert.Equal(flows.Service.Clock.GetUtcNow(), (await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default))[0].LastUsedAt);
    }

    [Fact]
    public async Task A_step_up_refuses_another_users_passkey_and_a_cloned_one()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Counts = true } };
        var (session, _) = await flows.NewPasskeyAsync();
        var clone = flows.Authenticator.Clone();
        await flows.LoginAsync();
        await flows.LoginAsync();
        Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.Cloned), await ProveAsync(clone));
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyCloned && entry.SessionId == session.Id);
        var audit = await flows.Service.AuditSession.ExecuteAsync(session.UserId, session.Id, default);
        Assert.Null(audit!.Verdict.Break);

        var other = new SoftwareAuthenticator(Service.Origin);
        var stranger = await flows.NewSessionAsync();
        Assert.IsType<RegisterPasskeyResult.Registered>(await flows.RegisterAsync(stranger, authenticator: other));
        Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.Invalid), await ProveAsync(other, new() { Passkey = other.Passkeys[0] }));
        Assert.Equal(
            new StepUpResult.Refused(PasskeyRefusal.Unknown),
            await ProveAsync(other, new() { Passkey = other.Passkeys[0], UserHandle = flows.Authenticator.Passkeys[0].UserHandle }));

        async Task<StepUpResult> ProveAsync(SoftwareAuthenticator authenticator, PasskeyLies? lies = null)
        {
            var ceremony = (await flows.Service.StartStepUp.ExecuteAsync(session, Service.Origin, default)).Passkey!;
            return await StepUpAsync(flows, session, PasskeyFlows.Response(ceremony, authenticator.Get(ceremony.Options, lies)));
        }
    }

    private static Task<StepUpResult> StepUpAsync(PasskeyFlows flows, Session session, PasskeyResponse response) =>
        flows.Service.StepUp.ExecuteAsync(session, response, Service.Client, default);
}
