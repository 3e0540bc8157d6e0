using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;
using Serverless.Tables;

namespace Benchmarks.App;

/// <summary>Put into storage without a login, whose password hash would take most of the time.</summary>
internal sealed record SeededSession(Session Session, IssuedTokens Tokens);

internal sealed class Seeder : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private const int SessionsPerUser = 5;
    private const int AtOnce = 16;

    private readonly ServiceProvider _services;

    public Seeder(IReadOnlyDictionary<string, string> settings)
    {
        var services = new ServiceCollection();
        var values = settings.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddSingleton<ILoggerFactory, LoggerFactory>();
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSessions();
        services.AddTableStorage();
        services.AddDevelopmentKeyRing();
        _services = services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public async Task<string> AddAccountAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var result = await Get<CreateAccount>().ExecuteAsync(ToEmail(email), new(Password), ["reader"], null, default);
        return result is CreateAccountResult.Created ? email : throw new BenchmarkException($"No account was made: {result}.");
    }

    public async Task<List<SeededSession>> AddSessionsAsync(int count, TimeSpan age = default, bool remember = true)
    {
        var ring = await Get<KeyRingSource>().GetAsync(default);
        var tokens = Get<IOptions<TokenOptions>>().Value;
        var seeded = new SeededSession[count];
        await Parallel.ForAsync(0, (count + SessionsPerUser - 1) / SessionsPerUser, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (user, _) =>
        {
            var account = NewAccount();
            await Get<IEpochStore>().OpenFirstEpochAsync(account, default);
            for (var i = user * SessionsPerUser; i < Math.Min(count, (user + 1) * SessionsPerUser); i++)
                seeded[i] = await OpenAsync(account, ring, tokens, age, remember);
        });
        return [.. seeded];
    }

    public Task AddLoginAttemptsAsync(int addresses, int ofEach) => Parallel.ForAsync(
        0, addresses * ofEach, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            await Get<ITimeline>().RecordAsync(
                new(
                    ActivityKind.FailedLogin, TimeProvider.System.Now(), $"198.51.100.{i % addresses}",
                    ToEmail($"{i}@example.com").ToAccountKey()),
                default));

    private async Task<SeededSession> OpenAsync(Account account, KeyRing ring, TokenOptions tokens, TimeSpan age, bool remember)
    {
        var now = TimeProvider.System.Now();
        var client = new ClientInfo("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux");
        var (session, entry) = AuditChain.Begin(Session.Start(account, client, remember, now - age, new()), ring.AuditKeyAt(now));
        await Get<ITimeline>().ScheduleExpiryAsync(new(session.UserId, session.Id, session.ExpiresAt), default);
        var version = await Get<ISessionStore>().TryOpenAsync(session, account.Epoch, entry, [], null, default)
            ?? throw new BenchmarkException("A session could not be seeded.");
        return new(session, IssuedTokens.Issue(session.ToRefreshToken(version, now), ring, tokens, now));
    }

    private static Account NewAccount()
    {
        var now = TimeProvider.System.Now();
        return new(
            UserId.New(now), ToEmail($"{Guid.NewGuid():N}@example.com"), new(""), ["reader"], AccountState.Active, Ulid.New(now),
            CreatedAt: now);
    }

    private static Email ToEmail(string text) =>
        Email.TryParse(text, out var email) ? email : throw new BenchmarkException($"'{text}' is no email.");

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
