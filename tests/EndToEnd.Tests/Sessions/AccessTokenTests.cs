namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class AccessTokenTests(App app)
{
    [Fact]
    public async Task An_access_token_is_an_ES256_JWT_of_the_type_for_access_tokens()
    {
        var jwt = Jwt.Parse((await app.LoginAsync()).AccessToken);
        Assert.Equal(("ES256", "at+jwt"), (jwt.Header.Text("alg"), jwt.Header.Text("typ")));
        Assert.Matches("^[0-9a-f]{16}$", jwt.Header.Text("kid"));
        Assert.Equal(["alg", "kid", "typ"], jwt.Header.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(64, Base64Url.DecodeFromChars(jwt.SignaturePart).Length);
    }

    [Fact]
    public async Task An_access_token_says_who_and_which_session_and_until_when_and_nothing_else()
    {
        var login = await app.LoginAsync();
        var claims = Jwt.Parse(login.AccessToken).Claims;

        Assert.Equal(
            ["amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "roles", "sid", "sub"],
            claims.EnumerateObject().Select(claim => claim.Name).Order());
        Assert.EndsWith("/api", claims.Text("iss"), StringComparison.Ordinal);
        Assert.Equal(login.UserId, claims.Text("sub"));
        Assert.Equal($"{login.SessionId}.0", claims.Text("sid"));
        Assert.Equal(
            login.Json.GetProperty("expiresIn").GetInt64(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(login.SessionTime("createdAt").ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(login.SessionTime("createdAt").ToUnixTimeSeconds(), claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(login.Json.GetProperty("account").GetProperty("roles").ToString(), claims.GetProperty("roles").ToString());
        if (App.IsOwn)
        {
            Assert.Equal(new Uri(app.BaseAddress, "api").ToString(), claims.Text("iss"));
            Assert.Equal("end-to-end", claims.Text("aud"));
            Assert.Equal("the-app", claims.Text("client_id"));
        }
    }

    [Fact]
    public async Task A_refreshed_access_token_tells_when_the_user_logged_in_and_has_an_id_of_its_own()
    {
        var login = await app.LoginAsync();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var repeated = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var tokens = new[] { login, refreshed, repeated }.Select(answer => Jwt.Parse(answer.AccessToken).Claims).ToList();
        Assert.Single(tokens.Select(claims => claims.GetProperty("auth_time").GetInt64()).Distinct());
        Assert.Single(tokens.Select(claims => claims.Text("sid")).Distinct());
        Assert.Equal(3, tokens.Select(claims => claims.Text("jti")).Distinct().Count());
    }

    [Fact]
    public async Task No_token_tells_the_email()
    {
        var login = await app.LoginAsync();
        Assert.DoesNotContain(app.Email, Jwt.Parse(login.AccessToken).ClaimsJson, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            app.Email, Encoding.Latin1.GetString(Base64Url.DecodeFromChars(login.RefreshToken)), StringComparison.OrdinalIgnoreCase);
    }
}
