namespace Serverless.Sessions.Tests.Accounts;

/// <summary>A process that dies at any step leaves an account with one key, a token that works once, and every promised mail.</summary>
public sealed class MailedFlowCrashTests
{
    public static TheoryData<string> Ways => ["timer", "login at the former address", "login at the new address", "repetition"];

    [Fact]
    public Task A_registration_that_dies_promises_nothing_or_sends_its_mail() => AtEachStepAsync(async (flows, killer) =>
    {
        var email = Service.NewEmail();
        var result = await DyingAsync(flows, killer, service => service.RegisterAccount.ExecuteAsync(email, new(Service.Password), null, default));
        await flows.SendAsync();
        if (result is null && flows.Mails.To(email).Count == 0)
            await flows.RegisterAsync(email);
        Assert.IsType<VerifyEmailResult.Verified>(await flows.UseAsync(email, MailKind.VerifyEmail));
        Assert.True(await flows.CanLogInAsync(email));
        return result is null;
    });

    [Fact]
    public Task The_use_of_a_registrations_link_that_dies_creates_the_account_or_leaves_the_link() => AtEachStepAsync(async (flows, killer) =>
    {
        var email = await flows.RegisterAsync();
        var token = flows.Mails.TokenOf(email, MailKind.VerifyEmail);
        var result = await DyingAsync(flows, killer, service => service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        await flows.SendAsync();
        var again = await flows.UseAsync(token);
        if (result is not null)
            Assert.IsType<VerifyEmailResult.TokenInvalid>(again);
        var user = (await flows.Service.LoginAsync(email)).Session.UserId;
        await flows.IsWholeAsync(user, email);
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await flows.UseAsync(token));
        return result is null;
    });

    [Fact]
    public Task A_reset_that_dies_is_complete_or_leaves_the_link() => AtEachStepAsync(async (flows, killer) =>
    {
        var email = await flows.NewUserAsync();
        var session = (await flows.Service.LoginAsync(email)).Session;
        var token = await flows.ForgetAsync(email);
        var result = await DyingAsync(
            flows, killer, service => service.ResetPassword.ExecuteAsync(token, new(MailedFlows.Next), Service.Client, default));
        await flows.SendAsync();
        var again = await flows.ResetAsync(token);
        if (result is not null)
            Assert.IsType<ResetPasswordResult.TokenInvalid>(again);
        await flows.SendAsync();
        await flows.IsWholeAsync(session.UserId, email);
        Assert.Single(flows.Mails.To(email), mail => mail.Kind == MailKind.PasswordReset);
        Assert.Equal(EndReason.PasswordReset, (await flows.Service.FindAsync(session)).Ending?.Reason);
        Assert.True(await flows.CanLogInAsync(email, MailedFlows.Next));
        Assert.False(await flows.CanLogInAsync(email));
        return result is null;
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public Task A_change_of_email_that_dies_is_completed_by_whoever_comes_next(string way) => AtEachStepAsync(async (flows, killer) =>
    {
        var email = await flows.NewUserAsync();
        var session = (await flows.Service.LoginAsync(email)).Session;
        var next = await flows.AskForChangeAsync(session);
        var token = flows.Mails.TokenOf(next, MailKind.ChangeEmail);
        var result = await DyingAsync(flows, killer, service => service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        await ComeAsync(flows, way, email, next, token);
        // One of the two opens sessions.
        var isMoved = await flows.CanLogInAsync(next);
        Assert.NotEqual(isMoved, await flows.CanLogInAsync(email));

        await flows.SendAsync();
        var again = await flows.UseAsync(token);
        Assert.False(result is not null && again is VerifyEmailResult.Verified);
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await flows.UseAsync(token));
        await flows.SendAsync();
        await flows.IsWholeAsync(session.UserId, next, email);
        Assert.Equal(next, (await flows.Service.FindAsync(session)).Email);
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.EmailChanged && entry.SessionId is null);
        Assert.Single(flows.Mails.To(email), mail => mail.Kind == MailKind.EmailChanged);
        Assert.IsType<VerifyEmailResult.Verified>(await flows.UseAsync(email, MailKind.EmailChanged));
        await flows.IsWholeAsync(session.UserId, email, next);
        return result is null;
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public Task Taking_back_that_dies_is_completed_by_whoever_comes_next(string way) => AtEachStepAsync(async (flows, killer) =>
    {
        var email = await flows.NewUserAsync();
        var session = (await flows.Service.LoginAsync(email)).Session;
        var next = await flows.MoveAsync(session);
        var token = flows.Mails.TokenOf(email, MailKind.EmailChanged);
        var result = await DyingAsync(flows, killer, service => service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        await ComeAsync(flows, way, next, email, token);
        await flows.SendAsync();
        var again = await flows.UseAsync(token);
        Assert.False(result is not null && again is VerifyEmailResult.Verified);
        await flows.SendAsync();
        await flows.IsWholeAsync(session.UserId, email, next);
        Assert.Equal(EndReason.EmailTakenBack, (await flows.Service.FindAsync(session)).Ending?.Reason);
        Assert.False(await flows.CanLogInAsync(next));
        Assert.IsType<ResetPasswordResult.Reset>(await flows.ResetAsync(flows.Mails.TokenOf(email, MailKind.ResetPassword)));
        Assert.True(await flows.CanLogInAsync(email, MailedFlows.Next));
        return result is null;
    });

    private static async Task ComeAsync(MailedFlows flows, string way, Email former, Email next, string token)
    {
        if (way == "timer")
            await flows.SendAsync();
        else if (way == "repetition")
            await flows.UseAsync(token);
        else
            await flows.CanLogInAsync(way == "login at the new address" ? next : former);
    }

    private static async Task AtEachStepAsync(Func<MailedFlows, Killer, Task<bool>> isKilledAsync)
    {
        var steps = await Killer.AtEachStepAsync(async at =>
        {
            using var flows = new MailedFlows();
            var isKilled = await isKilledAsync(flows, new Killer(at));
            await flows.IsIndexedAsync();
            return isKilled;
        });
        Assert.InRange(steps, 4, 200);
    }

    private static async Task<T?> DyingAsync<T>(MailedFlows flows, Killer killer, Func<Service, Task<T>> operation)
        where T : class
    {
        using var service = flows.Dying(killer);
        return await Killer.RunAsync(() => operation(service));
    }
}
