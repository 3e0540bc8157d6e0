namespace EndToEnd.Tests.Abuse;

[Collection(nameof(DefendedApp))]
public sealed class CaptchaTests(DefendedApp app)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_three_failures_a_login_needs_a_captcha_whether_or_not_there_is_an_account(bool known)
    {
        var (email, from) = (known ? AppSettings.Email : App.NewEmail(), App.NewAddress());
        await FailThreeTimesAsync(email, from);

        (await app.TryLoginAsync(email, from)).IsProblem(403, "captcha_required");
        (await app.TryLoginAsync(email, from, captcha: "")).IsProblem(403, "captcha_required");
        (await app.TryLoginAsync(email, from, captcha: FakeSiteverify.Token("bad"))).IsProblem(403, "captcha_required");
        var good = FakeSiteverify.Token("good");
        (await app.TryLoginAsync(email, from, captcha: good)).IsProblem(401, "invalid_credentials");
        Assert.Equal($"POST {FakeSiteverify.Secret} {from}", app.Siteverify.Forms[good]);

        if (known)
        {
            (await app.TryLoginAsync(email, from, AppSettings.Password)).IsProblem(403, "captcha_required");
            (await app.TryLoginAsync(email, from, AppSettings.Password, FakeSiteverify.Token("good"))).IsOk();
            (await app.TryLoginAsync(email, from, AppSettings.Password)).IsOk();
        }
    }

    [Fact]
    public async Task A_login_that_needs_none_is_not_held_up_by_the_provider()
    {
        var token = FakeSiteverify.Token("broken");
        (await app.TryLoginAsync(App.NewEmail(), App.NewAddress(), captcha: token)).IsProblem(401, "invalid_credentials");
        Assert.DoesNotContain(token, app.Siteverify.Forms.Keys);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("slow")]
    [InlineData("empty")]
    [InlineData("html")]
    [InlineData("moved")]
    [InlineData("secret")]
    [InlineData("internal")]
    public async Task A_provider_that_cannot_say_lets_nobody_through_and_refuses_nobody(string how)
    {
        var (email, from) = (App.NewEmail(), App.NewAddress());
        await FailThreeTimesAsync(email, from);
        var answer = await app.TryLoginAsync(email, from, captcha: FakeSiteverify.Token(how));
        Assert.Equal(2, answer.IsProblem(503, "unavailable").RetryAfter);
    }

    [Fact]
    public async Task Every_login_from_a_flagged_address_needs_a_captcha_until_the_flag_expires()
    {
        var (flagged, before) = (App.NewAddress(), App.NewAddress());
        await app.Tables.FlagAsync(flagged, DateTimeOffset.UtcNow.AddHours(1));
        await app.Tables.FlagAsync(before, DateTimeOffset.UtcNow.AddHours(-1));
        (await app.TryLoginAsync(App.NewEmail(), flagged)).IsProblem(403, "captcha_required");
        (await app.TryLoginAsync(App.NewEmail(), flagged, captcha: FakeSiteverify.Token("good"))).IsProblem(401, "invalid_credentials");
        (await app.TryLoginAsync(App.NewEmail(), before)).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Every_registration_needs_a_captcha()
    {
        var email = App.NewEmail();
        foreach (var none in new[] { null, "", FakeSiteverify.Token("bad") })
            (await app.RegisterAsync(email, none)).IsProblem(403, "captcha_required");
        (await app.RegisterAsync(email, FakeSiteverify.Token("broken"))).IsProblem(503, "unavailable");
        (await app.TryLoginAsync(email, App.NewAddress(), AppSettings.Password)).IsProblem(401, "invalid_credentials");
        (await app.RegisterAsync(email, FakeSiteverify.Token("good"))).Is(201);
        await app.LoginAsAsync(email);
    }

    private async Task FailThreeTimesAsync(string email, string from)
    {
        for (var i = 0; i < 3; i++)
            (await app.TryLoginAsync(email, from)).IsProblem(401, "invalid_credentials");
    }
}
