using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;
using Serverless.Testing;

namespace Serverless.Sessions.Tests.Administration;

public sealed class AccountChangeTests : IDisposable
{
    private const string Next = "another horse battery staple";

    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_password_change_ends_the_other_sessions_and_spares_this_one()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var (here, there) = (await _service.LoginAsync(email), await _service.LoginAsync(email));
        Assert.IsType<ChangePasswordResult.Changed>(await ChangeAsync(here.Session, Service.Password, Next));
        Assert.Equal(new RefreshSessionResult.Over(EndReason.PasswordChanged), await _service.TryRefreshAsync(there.Tokens.RefreshText));
        await _service.RefreshAsync(here.Tokens.RefreshText);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email, Next));
    }

    [Fact]
    public async Task A_wrong_present_password_changes_nothing_and_counts_as_a_failed_login()
    {
        var here = await _service.LoginAsync((await _service.CreateAccountAsync()).Email);
        for (var i = 0; i < 5; i++)
            Assert.IsType<ChangePasswordResult.WrongPassword>(await ChangeAsync(here.Session, "a wrong password", Next));
        Assert.Equal(
            new ChangePasswordResult.Locked(TimeSpan.FromSeconds(30)), await ChangeAsync(here.Session, Service.Password, Next));
        Assert.IsType<StartSessionResult.Locked>(await _service.TryLoginAsync(here.Session.Email));
    }

    [Fact]
    public async Task A_change_closes_what_an_earlier_one_left_open()
    {
        var account = await _service.CreateAccountAsync();
        await _service.Stores.Sessions.OpenEpochAsync(account with { Epoch = Ulid.New(_service.Clock.GetUtcNow()) }, default);
        var changed = await _service.ChangeAccount.ExecuteAsync(account.Id, null, ["writer"], Service.Administrator, default);
        Assert.Equal([changed!.Epoch], await _service.Stores.Sessions.ListEpochsAsync(account.Id, default));
        await _service.LoginAsync(account.Email);
    }

    [Fact]
    public async Task A_new_password_against_the_rules_is_refused_before_any_hashing() =>
        Assert.IsType<ChangePasswordResult.PasswordRefused>(await ChangeAsync(
            (await _service.LoginAsync((await _service.CreateAccountAsync()).Email)).Session, Service.Password, "short"));

    [Fact]
    public async Task A_disabled_account_is_logged_out_and_cannot_log_in_until_it_is_enabled()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email);
        var changed = await _service.ChangeAccount.ExecuteAsync(account.Id, AccountState.Disabled, null, Service.Administrator, default);
        Assert.Equal(AccountState.Disabled, changed!.State);
        Assert.Equal(new RefreshSessionResult.Over(EndReason.Admin), await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(account.Email));
        await _service.ChangeAccount.ExecuteAsync(account.Id, AccountState.Active, null, Service.Administrator, default);
        await _service.LoginAsync(account.Email);
    }

    [Fact]
    public async Task New_roles_reach_a_session_with_its_next_refresh_and_it_lives_on()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email);
        await _service.ChangeAccount.ExecuteAsync(account.Id, null, ["admin", "writer"], Service.Administrator, default);
        Assert.Equal(["admin", "writer"], (await _service.FindAsync(started.Session)).Roles);
        Assert.Equal(["admin", "writer"], (await _service.RefreshAsync(started.Tokens.RefreshText)).Access.Roles);
        Assert.Single(
            await _service.LogOfAsync(account.Id), entry => entry.Action == LogAction.RolesChanged && entry.SessionId == started.Session.Id);
        Assert.Equal(["admin", "writer"], (await _service.LoginAsync(account.Email)).Session.Roles);
    }

    [Fact]
    public async Task An_account_is_found_by_its_user()
    {
        var account = await _service.CreateAccountAsync();
        Assert.Equal(account.Email, (await _service.FindAccount.ExecuteAsync(account.Id, default))!.Email);
        Assert.Null(await _service.FindAccount.ExecuteAsync(new(0, new(7)), default));
        Assert.Null(await _service.ChangeAccount.ExecuteAsync(new(0, new(7)), null, [], Service.Administrator, default));
    }

    [Theory]
    [InlineData("admin", true)]
    [InlineData("a.b-c_9", true)]
    [InlineData("Admin", false)]
    [InlineData("a,b", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("123456789012345678901234567890123", false)]
    public void A_role_is_a_short_plain_name(string role, bool valid) => Assert.Equal(valid, Roles.AreValid([role]));

    public void Dispose() => _service.Dispose();

    private Task<ChangePasswordResult> ChangeAsync(Session session, string current, string next) =>
        _service.ChangePassword.ExecuteAsync(session, new(current), new(next), Service.Client, default);
}
