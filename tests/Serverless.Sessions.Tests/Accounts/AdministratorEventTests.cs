using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.Accounts;

/// <summary>The reply to the write that does it is lost, so the request fails though it is done.</summary>
public sealed class AdministratorEventTests
{
    private static readonly Dictionary<int, Func<Service, Session, UserId, Task>> OfAccounts = new()
    {
        [2021] = (service, by, _) => service.CreateAccount.ExecuteAsync(by, Service.NewEmail(), new(Service.Password), [], default),
        [2022] = (service, by, user) => service.ChangeAccount.ExecuteAsync(by, user, null, ["writer"], default),
        [2023] = (service, by, user) => service.ChangeAccount.ExecuteAsync(by, user, AccountState.Disabled, null, default),
        [2024] = (service, by, user) => service.ChangeAccount.ExecuteAsync(by, user, AccountState.Active, null, default),
        [2025] = async (service, by, user) => await service.EndAllSessions.ExecuteAsync(
            user, (await service.FindAccount.ExecuteAsync(user, default))!.Email, EndReason.Admin, null, Actor.Of(by.UserId), default),
        [2052] = (service, by, user) => service.CloseAccount.ExecuteAsync(by.UserId, user, default),
        [2054] = (service, by, user) => service.MarkEmailVerified.ExecuteAsync(by.UserId, user, default),
        [2056] = (service, by, user) => service.SecureAccount.ExecuteAsync(by, user, disables: true, default),
    };

    private readonly Recorded<object> _log = new();

    public static TheoryData<int> Changes => [.. OfAccounts.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_of_an_account_is_logged_once_by_whoever_completes_it(int id)
    {
        await InterruptAsync(id, repeats: false);
        // Another account, and ending sessions or securing again, are acts of their own.
        if (id is not (2021 or 2025 or 2056))
            await InterruptAsync(id, repeats: true);
    }

    [Fact]
    public async Task The_end_of_a_session_is_logged_also_if_its_repetition_finds_it_done()
    {
        using var flows = new PasskeyFlows();
        var (administrator, session) = (await flows.Service.NewAdministratorAsync(), await flows.NewSessionAsync());
        using var failing = Logging(
            flows.Stores with { Sessions = Intercepted.Around(flows.Stores.Sessions, after: Intercepted.Away(nameof(ISessionStore.TryEndAsync))) },
            flows.Service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => EndAsync(failing));
        Assert.IsType<EndSessionResult.AlreadyEnded>(await EndAsync(flows.Service));
        Assert.Contains($"{session.Id}", Assert.Single(_log.Lines, IsOf(2026)), StringComparison.Ordinal);

        Task<EndSessionResult> EndAsync(Service service) => service.EndSession.ExecuteAsync(
            session.UserId, session.Id, EndReason.Admin, Actor.Of(administrator.UserId), default);
    }

    [Fact]
    public async Task The_removal_of_a_passkey_is_logged_also_if_its_repetition_finds_it_done()
    {
        using var flows = new PasskeyFlows();
        var (administrator, (session, passkey)) = (await flows.Service.NewAdministratorAsync(), await flows.NewPasskeyAsync());
        using var failing = Logging(
            flows.Stores with { Passkeys = Intercepted.Around(flows.Stores.Passkeys, after: Intercepted.Away(nameof(IPasskeyStore.TryRemoveAsync))) },
            flows.Service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => RemoveAsync(failing));
        Assert.IsType<RemovePasskeyResult.NotFound>(await RemoveAsync(flows.Service));
        Assert.Contains($"{session.UserId}", Assert.Single(_log.Lines, IsOf(2065)), StringComparison.Ordinal);

        Task<RemovePasskeyResult> RemoveAsync(Service service) =>
            service.RemovePasskey.ExecuteAsync(administrator.UserId, session.UserId, passkey.Id, default);
    }

    private async Task InterruptAsync(int id, bool repeats)
    {
        _log.Lines.Clear();
        using var flows = new PasskeyFlows();
        using var service = Logging(flows.Stores, flows.Service.Clock);
        var (administrator, user) = (await service.NewAdministratorAsync(), (await service.CreateAccountAsync()).Id);
        if (id == 2024)
            await service.ChangeAccount.ExecuteAsync(administrator, user, AccountState.Disabled, null, default);
        var isLost = false;
        using var failing = Logging(
            flows.Stores with
            {
                Accounts = Intercepted.Around(flows.Stores.Accounts, after: call =>
                {
                    isLost |= call is nameof(IAccountStore.TryReplaceAsync) or nameof(IAccountStore.TryAddAsync);
                    if (isLost)
                        throw new StorageUnavailableException("gone");
                }),
            },
            flows.Service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => OfAccounts[id](failing, administrator, user));
        Assert.DoesNotContain(_log.Lines, IsOf(id));
        if (repeats)
            await OfAccounts[id](service, administrator, user);
        flows.Service.Clock.Advance(TimeSpan.FromMinutes(3));
        await service.FinishChanges.ExecuteAsync(() => false, default);
        Assert.Contains($"{administrator.UserId}", Assert.Single(_log.Lines, IsOf(id)), StringComparison.Ordinal);
    }

    private static Predicate<string> IsOf(int id) => line => line.StartsWith($"Information {id} ", StringComparison.Ordinal);

    private Service Logging(Stores stores, FakeClock clock) => new(stores, clock, configure: services =>
        services.AddSingleton<ILogger>(_log).AddSingleton(typeof(ILogger<>), typeof(Forwarding<>)));

    private sealed class Forwarding<T>(ILogger log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Log(logLevel, eventId, state, exception, formatter);
    }
}
