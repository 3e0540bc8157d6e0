namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class AdminTests(App app)
{
    private const string Password = "a third horse battery staple";

    [OwnAppFact]
    public async Task An_administrator_makes_finds_changes_and_disables_an_account()
    {
        var email = App.NewEmail();
        var created = await AdminAsync(HttpMethod.Post, "admin/accounts", $$"""{"email":"{{email}}","password":"{{Password}}","roles":["reader"]}""");
        Assert.Equal(201, created.Status);
        var id = created.Json.GetProperty("id").GetString();
        var login = (await app.Client.LoginAsync(email, Password)).IsOk();
        Assert.Equal("reader", Assert.Single(login.Json.GetProperty("account").GetProperty("roles").EnumerateArray()).GetString());

        var found = (await AdminAsync(HttpMethod.Get, $"admin/accounts?email={Uri.EscapeDataString(email)}")).IsOk();
        Assert.Equal(id, Assert.Single(found.Json.GetProperty("accounts").EnumerateArray()).GetProperty("id").GetString());
        Assert.False((await AdminAsync(HttpMethod.Get, $"admin/accounts/{id}")).IsOk().Json.GetProperty("disabled").GetBoolean());

        var promoted = (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{id}", """{"roles":["writer","admin"]}""")).IsOk();
        Assert.Equal(["writer", "admin"], promoted.Json.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        (await app.Client.CallAsync(HttpMethod.Get, "admin/suspicious-ips", login.AccessToken)).IsOk();

        var disabled = (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{id}", """{"disabled":true}""")).IsOk();
        Assert.True(disabled.Json.GetProperty("disabled").GetBoolean());
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await app.Client.LoginAsync(email, Password)).IsProblem(401, "invalid_credentials");
        (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{id}", """{"disabled":false}""")).IsOk();
        (await app.Client.LoginAsync(email, Password)).IsOk();
    }

    [OwnAppFact]
    public async Task A_new_role_stands_in_the_access_token_from_the_next_refresh_on()
    {
        var email = App.NewEmail();
        await AdminAsync(HttpMethod.Post, "admin/accounts", $$"""{"email":"{{email}}","password":"{{Password}}"}""");
        var login = (await app.Client.LoginAsync(email, Password)).IsOk();
        Assert.Empty(RolesOf(login));

        (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{login.UserId}", """{"roles":["writer"]}""")).IsOk();
        var given = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        Assert.Equal(["writer"], RolesOf(given));

        (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{login.UserId}", """{"roles":[]}""")).IsOk();
        Assert.Empty(RolesOf((await app.Client.RefreshAsync(given.RefreshToken)).IsOk()));
    }

    [OwnAppFact]
    public async Task An_administrator_sees_and_ends_the_sessions_of_a_user()
    {
        var email = App.NewEmail();
        await AdminAsync(HttpMethod.Post, "admin/accounts", $$"""{"email":"{{email}}","password":"{{Password}}"}""");
        var logins = new[] { (await app.Client.LoginAsync(email, Password)).IsOk(), (await app.Client.LoginAsync(email, Password)).IsOk() };
        var route = $"admin/accounts/{logins[0].UserId}/sessions";

        Assert.Equal(2, (await AdminAsync(HttpMethod.Get, route)).IsOk().Json.GetProperty("sessions").GetArrayLength());
        (await AdminAsync(HttpMethod.Delete, $"{route}/{logins[0].SessionId}")).IsEmpty();
        (await app.Client.StatusAsync(logins[0].AccessToken)).IsProblem(401, "session_ended", "admin");
        (await app.Client.StatusAsync(logins[1].AccessToken)).IsOk();
        (await AdminAsync(HttpMethod.Delete, route)).IsEmpty();
        (await app.Client.StatusAsync(logins[1].AccessToken)).IsProblem(401, "session_ended", "admin");
        (await AdminAsync(HttpMethod.Delete, $"{route}/{Guid.NewGuid():N}")).IsProblem(404, "not_found");
        (await AdminAsync(HttpMethod.Get, "admin/accounts/nobody/sessions")).IsProblem(404, "not_found");
    }

    [OwnAppFact]
    public async Task An_administrator_sees_a_flag_and_acknowledges_it()
    {
        var address = App.NewAddress();
        for (var i = 0; i < 11; i++)
            await app.Client.LoginAsync(App.NewEmail(), Password, from: address);
        Assert.Equal(202, (await app.Client.RunTimerAsync("FlagSuspiciousIps")).Status);
        await Eventually.TrueAsync($"{address} is flagged", async () => await FlagOfAsync(address) is not null);

        (await AdminAsync(HttpMethod.Post, $"admin/suspicious-ips/{address}/acknowledge")).IsEmpty();

        var flag = await FlagOfAsync(address);
        Assert.Equal(11, flag!.Value.GetProperty("count").GetInt32());
        Assert.NotNull(flag.Value.GetProperty("acknowledgedBy").GetString());
        (await AdminAsync(HttpMethod.Post, "admin/suspicious-ips/192.0.2.250/acknowledge")).IsProblem(404, "not_found");
        (await AdminAsync(HttpMethod.Post, "admin/suspicious-ips/x'y/acknowledge")).IsProblem(404, "not_found");
    }

    [OwnAppTheory]
    [InlineData("""{}""")]
    [InlineData("""{"roles":["Admin"]}""")]
    [InlineData("""{"roles":["a","a"]}""")]
    [InlineData("""{"roles":[null]}""")]
    [InlineData("""{"disabled":"yes"}""")]
    public async Task A_change_that_cannot_be_is_refused(string json) =>
        (await AdminAsync(HttpMethod.Patch, "admin/accounts/x", json)).IsProblem(400, "invalid_request");

    [OwnAppFact]
    public async Task An_administrator_cannot_lock_out_themselves()
    {
        var own = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk().UserId;
        (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{own}", """{"disabled":true}""")).IsProblem(400, "invalid_request");
        (await AdminAsync(HttpMethod.Patch, $"admin/accounts/{own}", """{"roles":["reader"]}""")).IsProblem(400, "invalid_request");
    }

    private static IEnumerable<string?> RolesOf(Answer answer) =>
        Jwt.Parse(answer.AccessToken).Claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString());

    private async Task<System.Text.Json.JsonElement?> FlagOfAsync(string address)
    {
        var flags = (await AdminAsync(HttpMethod.Get, "admin/suspicious-ips")).IsOk().Json;
        foreach (var flag in flags.GetProperty("suspiciousIps").EnumerateArray())
        {
            if (flag.GetProperty("address").GetString() == address)
                return flag;
        }

        return null;
    }

    private async Task<Answer> AdminAsync(HttpMethod method, string route, string? json = null)
    {
        Issued.Add(Password);
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        return await app.Client.CallAsync(method, route, admin.AccessToken, json);
    }
}
