using EndToEnd.Tests.Passkeys;

namespace EndToEnd.Tests.Interop;

/// <summary>An authenticator that shares no code with the service or its tests.</summary>
[Collection(nameof(App))]
public sealed class PasskeyInteropTests(App app)
{
    [OwnAppTheory]
    [InlineData(-7)]
    [InlineData(-8)]
    [InlineData(-257)]
    public async Task What_another_implementation_makes_is_registered_and_proves_its_user(int algorithm)
    {
        await using var node = new NodeAuthenticator(AppSettings.PageOrigin);
        var (login, page) = (await app.NewUserAsync(), new PasskeyPage(app.Client));
        var created = await node.AnswerAsync((await page.AskAsync(PasskeyPage.Registration, login)).IsOk(), algorithm);
        (await page.PostAsync(PasskeyPage.Registration, created, login)).Is(201);

        var byPasskey = (await page.PostAsync(PasskeyPage.Login, await node.AnswerAsync((await page.AskAsync(PasskeyPage.Login)).IsOk()))).IsOk();
        Assert.Equal(login.UserId, byPasskey.UserId);
        var steppedUp = await page.PostAsync(
            PasskeyPage.StepUp, await node.AnswerAsync((await page.AskAsync(PasskeyPage.StepUp, login)).IsOk()), login);
        Assert.Equal(["hwk", "user", "mfa"], steppedUp.IsOk().Json.Items("methods").Select(method => method.GetString()));
    }
}
