namespace EndToEnd.Tests.Sessions;

[Collection(nameof(DefendedApp))]
public sealed class CrossSiteCookieTests(DefendedApp app)
{
    [Fact]
    public async Task The_cookie_is_set_rotated_and_cleared_for_pages_of_any_site()
    {
        var page = new Page(app.Client);
        var login = (await page.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
        await Task.Delay(DefendedApp.Grace + TimeSpan.FromMilliseconds(200));
        var refreshed = (await page.RefreshAsync()).IsOk();
        var logout = (await page.LogoutAsync()).IsEmpty();

        Assert.Equal("httponly; path=/; samesite=none; secure", login.Cookie!.Attributes);
        Assert.Equal("httponly; path=/; samesite=none; secure", refreshed.Cookie!.Attributes);
        Assert.Equal("httponly; max-age=0; path=/; samesite=none; secure", logout.Cookie!.Attributes);
    }
}
