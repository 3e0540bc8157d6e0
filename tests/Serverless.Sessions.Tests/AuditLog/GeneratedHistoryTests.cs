using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.AuditLog;

public sealed class GeneratedHistoryTests : IDisposable
{
    // HISTORY_SEED repeats a run.
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("HISTORY_SEED"), out var seed) ? seed : Random.Shared.Next();

    private readonly RetentionBench _bench = new(new() { LogLifetime = TimeSpan.FromDays(5), ActivityLifetime = TimeSpan.FromDays(3) });
    private readonly List<(Account Account, List<(Session Session, string Token)> Open)> _users = [];
    private readonly SoftwareAuthenticator _authenticator = new(Service.Origin);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public Task What_is_left_of_generated_histories_equals_a_brute_force_filter_however_often_the_timer_was_killed() => CheckAsync(days: 16);

    [Fact]
    [Trait("Run", "nightly")]
    public Task What_is_left_of_long_generated_histories_equals_a_brute_force_filter() => CheckAsync(days: 40);

    private async Task CheckAsync(int days)
    {
        var random = new Random(Seed);
        for (var i = 0; i < 6; i++)
            _users.Add((await _bench.CreateAccountAsync(), []));
        var (runs, kills, removed, sleeps) = (0, 0, 0, 0);
        for (var hour = 0; hour < 24 * days; hour++)
        {
            _bench.Clock.Advance(TimeSpan.FromMinutes(random.Next(40, 80)));
            for (var acts = random.Next(4); acts > 0; acts--)
                await ActAsync(random);
            // Sometimes it isn't run for days, and every second run is to die.
            sleeps = sleeps > 0 ? sleeps - 1 : random.Next(60) == 0 ? random.Next(100) : 0;
            if (sleeps > 0)
                continue;
            var report = await _bench.RunAsync(dieAt: random.Next(2) == 0 ? random.Next(20) : null);
            (runs, kills, removed) = report is null ? (runs, kills + 1, removed) : (runs + 1, kills, removed + report.Entries);
            if (report is not null)
                await AssertKeptAsync();
        }

        Assert.True(kills > 2 * days && runs > 2 * days && removed > 8 * days, $"{runs} runs, {kills} kills, {removed} entries removed.");
    }

    private async Task AssertKeptAsync()
    {
        var failure = await Xunit.Record.ExceptionAsync(_bench.AssertKeptAsync);
        Assert.True(failure is null, $"HISTORY_SEED={Seed}: {failure}");
    }

    private async Task ActAsync(Random random)
    {
        var (account, open) = _users[random.Next(_users.Count)];
        switch (random.Next(12))
        {
            case 0:
                await _bench.FailAsync();
                break;
            case 1:
                await _bench.Service.TryLoginAsync(account.Email, "wrong password");
                break;
            case 2:
                // Locked, where too many have failed just now.
                if (await _bench.Service.TryLoginAsync(account.Email, remember: random.Next(2) == 0) is StartSessionResult.Started started)
                {
                    _bench.Sessions.Add(started.Session);
                    open.Add((started.Session, started.Tokens.RefreshText));
                }

                break;
            case 3 when open.Count > 0:
                await _bench.Service.LogoutAsync(open[0].Session);
                open.RemoveAt(0);
                break;
            case 4:
                await _bench.Service.ChangeAccount.ExecuteAsync(account.Email.ToAccountKey(), AccountState.Active, [$"role-{random.Next(9)}"], default);
                break;
            case 5 when open.Count > 0 && await _bench.Service.CheckAsync(open[0].Session) is CheckSessionResult.Valid:
                await PasskeyAsync(account, open[0].Session);
                break;
            case 6 when open.Count > 0:
                await _bench.Service.TryStepUpAsync(open[0].Session);
                break;
            default:
                for (var i = 0; i < open.Count; i++)
                {
                    if (await _bench.Service.TryRefreshAsync(open[i].Token) is RefreshSessionResult.Refreshed refreshed)
                        open[i] = (open[i].Session, refreshed.Tokens.RefreshText);
                }

                open.RemoveAll(each => each.Session.AbsoluteExpiresAt < _bench.Clock.GetUtcNow());
                break;
        }
    }

    /// <summary>Logs in by a passkey and removes it, or adds one.</summary>
    private async Task PasskeyAsync(Account account, Session session)
    {
        if ((await _bench.Service.ListPasskeys.ExecuteAsync(account.Id, default)).Count == 0)
        {
            var registration = (await _bench.Service.StartPasskeyRegistration.ExecuteAsync(session, Service.Origin, default))!;
            var made = PasskeyFlows.Response(registration, _authenticator.Create(registration.Options));
            Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(_bench.Service, session, made));
            return;
        }

        var ceremony = await _bench.Service.StartPasskeyLogin.ExecuteAsync(Service.Origin, default);
        var passkey = _authenticator.Passkeys.Last(each => each.UserHandle == Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{account.Id}")));
        var signed = PasskeyFlows.Response(ceremony, _authenticator.Get(ceremony.Options, new() { Passkey = passkey }));
        var started = Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(_bench.Service, signed));
        _bench.Sessions.Add(started.Session);
        Assert.Equal(
            new RemovePasskeyResult.Removed(),
            await _bench.Service.RemovePasskey.ExecuteAsync(started.Session, PasskeyId.Of(passkey.Id), Service.Client, default));
    }
}
