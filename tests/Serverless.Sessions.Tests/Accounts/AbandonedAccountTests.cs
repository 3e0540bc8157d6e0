using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.Accounts;

/// <summary>What a creation leaves that dies before its account is there is removed by the timer, once nothing can come of it.</summary>
public sealed class AbandonedAccountTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_removed_after_a_quarter_of_an_hour(bool byPasskey)
    {
        using var flows = new PasskeyFlows();
        var (email, response) = await DieAsync(flows, byPasskey);
        var user = await FindUserAsync(flows, email);
        await RunAsync(flows, TimeSpan.FromMinutes(3));
        Assert.Single((await flows.Stores.Passkeys.ReadAsync(user, default)).Epochs);
        await RunAsync(flows, TimeSpan.FromMinutes(14));
        Assert.Single((await flows.Stores.Passkeys.ReadAsync(user, default)).Epochs);
        await RunAsync(flows, TimeSpan.FromMinutes(2));
        var file = await flows.Stores.Passkeys.ReadAsync(user, default);
        Assert.Empty(file.Epochs);
        Assert.Empty(file.Passkeys);
        Assert.Null(await flows.AccountOfAsync(email));
        Assert.Empty((await flows.Stores.Emails.ReadAsync(email.Value, null, 10, default)).Emails);
        Assert.Empty(await flows.Stores.Timeline.ReadDueChangesAsync(DateTimeOffset.MaxValue, default).ToListAsync());
        if (byPasskey)
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyExpired, await PasskeyFlows.RegisterAccountAsync(flows.Service, response!));
        await flows.Service.CreateAccountAsync(email);
    }

    [Fact]
    public async Task An_account_that_is_there_keeps_all_that_it_has_also_under_another_address()
    {
        using var flows = new PasskeyFlows();
        var account = await flows.NewAccountAsync();
        var session = await flows.LoginAsync();
        var next = Service.NewEmail();
        await flows.Service.ChangeEmail.ExecuteAsync(session, next, null, Service.Client, () => true, default);
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        // Another account at the former address, and the timer has been away.
        await flows.Stores.Timeline.ScheduleChangeAsync(new(Service.NewEmail().ToAccountKey(), flows.Service.Clock.GetUtcNow(), account.Id), default);
        await RunAsync(flows, TimeSpan.FromDays(30));
        Assert.Equal(account.Id, (await flows.LoginAsync()).UserId);
    }

    [Fact]
    public async Task A_link_whose_first_use_died_works_before_and_after_it_is_removed()
    {
        foreach (var wait in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(16) })
        {
            using var flows = new PasskeyFlows(new() { VerifyEmail = true });
            var (email, token) = await DieByLinkAsync(flows);
            await RunAsync(flows, TimeSpan.FromMinutes(3));
            await RunAsync(flows, wait);
            Assert.IsType<VerifyEmailResult.Verified>(await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
            await IsWholeAsync(flows, email);
        }
    }

    [Fact]
    public async Task A_link_that_is_used_while_it_is_removed_creates_an_account_with_its_passkey_or_none()
    {
        using var flows = new PasskeyFlows(new() { VerifyEmail = true });
        var (email, token) = await DieByLinkAsync(flows);
        await RunAsync(flows, TimeSpan.FromMinutes(3));
        flows.Service.Clock.Advance(TimeSpan.FromMinutes(16));
        using var timer = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, before: Intercepted.Once(
                nameof(IPasskeyStore.RemoveAbandonedAsync), async () => Assert.IsType<VerifyEmailResult.Verified>(
                    await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default)))),
        });
        await timer.RaiseAlerts.ExecuteAsync(default);
        await IsWholeAsync(flows, email);
    }

    [Fact]
    public async Task A_link_that_comes_too_late_for_what_was_left_creates_nothing_and_works_again()
    {
        using var flows = new PasskeyFlows(new() { VerifyEmail = true });
        var (email, token) = await DieByLinkAsync(flows);
        await RunAsync(flows, TimeSpan.FromMinutes(3));
        flows.Service.Clock.Advance(TimeSpan.FromMinutes(16));
        using var late = flows.Beside(flows.Stores with
        {
            Epochs = Intercepted.Around(flows.Stores.Epochs, before: Intercepted.Once(
                nameof(IEpochStore.TryOpenEpochAsync), () => flows.Service.RaiseAlerts.ExecuteAsync(default))),
        });
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await late.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        await IsWholeAsync(flows, email);
    }

    // Dies right before the account is added.
    private static async Task<(Email Email, PasskeyResponse? Response)> DieAsync(PasskeyFlows flows, bool byPasskey)
    {
        var email = Service.NewEmail();
        var response = byPasskey ? await flows.CreateAccountAsync(email) : null;
        using var dying = flows.Beside(Dying(flows.Stores));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => byPasskey
            ? PasskeyFlows.RegisterAccountAsync(dying, response!)
            : dying.CreateAccount.ExecuteAsync(email, new(Service.Password), [], null, default));
        return (email, response);
    }

    private static async Task<(Email Email, string Token)> DieByLinkAsync(PasskeyFlows flows)
    {
        var email = Service.NewEmail();
        await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(email));
        await flows.SendAsync();
        var token = flows.Mails.TokenOf(email, MailKind.VerifyEmailWithPasskey);
        using var dying = flows.Beside(Dying(flows.Stores));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => dying.VerifyEmail.ExecuteAsync(token, Service.Client, default));
        return (email, token);
    }

    private static Stores Dying(Stores stores) => stores with
    {
        Accounts = Intercepted.Around(stores.Accounts, before: Intercepted.Away(nameof(IAccountStore.TryAddAsync))),
    };

    private static async Task<UserId> FindUserAsync(PasskeyFlows flows, Email email) =>
        Assert.Single((await flows.Stores.Timeline.ReadDueChangesAsync(flows.Service.Clock.GetUtcNow().AddHours(1), default).ToListAsync())
            .SelectMany(batch => batch), due => due.Account == email.ToAccountKey()).Created!.Value;

    private static async Task RunAsync(PasskeyFlows flows, TimeSpan later)
    {
        flows.Service.Clock.Advance(later);
        await flows.Service.RaiseAlerts.ExecuteAsync(default);
    }

    private static async Task IsWholeAsync(PasskeyFlows flows, Email email)
    {
        var account = await flows.AccountOfAsync(email);
        Assert.Equal(account.Id, (await flows.LoginAsync()).UserId);
        Assert.Equal([account.Epoch], await flows.Stores.Epochs.ListEpochsAsync(account.Id, default));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default));
    }
}
