using EndToEnd.Tests.Contract;

namespace EndToEnd.Tests.Sessions;

public sealed class RequiredPasskeyTests
{
    public const string Code = "passkey_required";

    [Fact]
    public async Task By_the_setting_an_administrator_needs_a_passkey_and_without_a_maximum_age_its_proof_may_be_old()
    {
        await using var app = await OwnApp.StartAsync(("Administrator__RequirePasskey", "true"), ("StepUp__MaximumAge", "00:00:00"));
        var login = await app.Client.LoginAsAdministratorAsync();
        await IsRequiredAsync(login);
        (await app.Client.CallAsync(HttpMethod.Delete, $"admin/accounts/{login.UserId}/sessions", login.AccessToken)).IsProblem(403, Code);
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();

        await app.Tables.SetProofAsync(login, TimeSpan.FromDays(30), "hwk,user,mfa");
        var byPasskey = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var account = new { email = App.NewEmail(), password = AppSettings.Password };
        (await app.Client.CallAsync(HttpMethod.Post, "admin/accounts", byPasskey.AccessToken, account)).Is(201);

        await IsRequiredAsync((await app.Client.CallAsync(
            HttpMethod.Post, "sessions/step-up", byPasskey.AccessToken, new { password = AppSettings.AdminPassword })).IsOk());
        Overheard.IsClean(app.Process.Output);

        async Task IsRequiredAsync(Answer tokens) =>
            (await app.Client.GetAsync("admin/accounts", tokens.AccessToken)).IsProblem(Names.Problems[Code], Code);
    }
}
