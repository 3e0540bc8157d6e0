using Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Sessions;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Outbox;
using Serverless.Sessions.Passkeys;
using Serverless.Sessions.Passwords;
using Serverless.Sessions.Text;
using Serverless.Sessions.Tokens;
using Serverless.Tables;

namespace Faults.Tests.Scenes;

/// <summary>Sets scenes with the product's own stores, past the proxy and without the hash of a login, which is most of its cost.</summary>
public sealed class Bench(string connectionString, string prefix, Traffic traffic) : IAsyncDisposable
{
    public const int Shards = 2;
    public const string Issuer = "http://faults.example.com/api";
    public const string Audience = "faults";
    public const string Password = "correct horse battery staple";

    public static readonly ClientInfo Client = new("198.51.100.7", "Bench/1.0", "A device");
    public static readonly Lazy<Task<PasswordHash>> Hash = new(async () =>
    {
        using var hashing = new PasswordHashing(Microsoft.Extensions.Options.Options.Create(new PasswordOptions { WeakHashes = true }));
        return await hashing.HashAsync(new(Password), default);
    });

    private static int _accounts;

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = connectionString,
            ["Storage:TablePrefix"] = prefix,
            ["Storage:TimelineShards"] = $"{Shards}",
            ["Tokens:Issuer"] = Issuer,
            ["Tokens:Audience"] = Audience,
        }).Build())
        .AddSessions().AddTableStorage().AddDevelopmentKeyRing().BuildServiceProvider();

    public IEpochStore Epochs => _services.GetRequiredService<IEpochStore>();
    public ILogStore Log => _services.GetRequiredService<ILogStore>();
    public ISessionStore Sessions => _services.GetRequiredService<ISessionStore>();
    public IEmailIndex Emails => _services.GetRequiredService<IEmailIndex>();
    public IAccountStore Accounts => _services.GetRequiredService<IAccountStore>();
    public ITimeline Timeline => _services.GetRequiredService<ITimeline>();
    public IStatisticsStore Statistics => _services.GetRequiredService<IStatisticsStore>();
    public IMailboxStore Mailbox => _services.GetRequiredService<IMailboxStore>();
    public IRetentionStore Retention => _services.GetRequiredService<IRetentionStore>();
    public AuditSession AuditSession => _services.GetRequiredService<AuditSession>();
    public IKeyRingStore Ring => _services.GetRequiredService<IKeyRingStore>();
    public IOutboxStore Outbox => _services.GetRequiredService<IOutboxStore>();
    public IPasskeyStore Passkeys => _services.GetRequiredService<IPasskeyStore>();
    public VerifyEmail VerifyEmail => _services.GetRequiredService<VerifyEmail>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
    public async Task PrepareAsync() => await _services.GetRequiredService<KeyRingSource>().GetAsync(default);

    public static DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    public static Email NewEmail() =>
        Email.TryParse($"user-{Interlocked.Increment(ref _accounts)}-{Guid.NewGuid():N}@example.com", out var email)
            ? email
            : throw new InvalidOperationException("No email.");

    public TableClient Table(string name) => new(connectionString, prefix + name);

    public async Task RemoveAsync(string table, string? filter = null)
    {
        var client = Table(table);
        await foreach (var row in client.QueryAsync<TableEntity>(filter))
            await client.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }

    public async Task<Party> NewPartyAsync(
        int sessions = 1, string[]? roles = null, AccountState state = AccountState.Active, TimeSpan age = default)
    {
        var now = Now - age;
        var account = new Account(
            UserId.New(now), NewEmail(), await Hash.Value, roles ?? [], state, Ulid.New(now), CreatedAt: now)
        {
            EmailVerifiedAt = now,
        };
        await Epochs.OpenFirstEpochAsync(account, default);
        await Accounts.TryAddAsync(account, null, default);
        traffic.Epochs.TryAdd($"{account.Epoch}", true);
        var party = new Party(account);
        for (var i = 0; i < sessions; i++)
            await OpenAsync(party, age);
        return party;
    }

    /// <summary>Adds a passkey that an authenticator makes, without a mail.</summary>
    public async Task AddPasskeyAsync(Party party, SoftwareAuthenticator authenticator)
    {
        var (user, now) = (party.Account.Id, Now);
        var options = new JsonObject
        {
            ["rp"] = new JsonObject { ["id"] = "localhost" },
            ["user"] = new JsonObject { ["id"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{user}")) },
            ["challenge"] = "none",
        };
        authenticator.Create(options.ToJsonString());
        var made = authenticator.Passkeys[^1];
        var passkey = new Passkey(PasskeyId.Of(made.Id), made.Id, made.PublicKey, authenticator.Aaguid, "A passkey", now);
        var file = await Passkeys.ReadAsync(user, default);
        var challenge = file.Use(new($"{Guid.NewGuid():N}", now.AddMinutes(10)), now);
        var session = party.Ticket.Session.Id;
        var stored = (await Sessions.FindAsync(user, session, default))!;
        Assert.True(await Passkeys.TryAddAsync(
            stored, passkey, challenge, file.Epochs[0], new(LogAction.PasskeyAdded, now, session, Client),
            new(NoticeKind.PasskeyAdded, now, session, Client), default));
    }

    /// <summary>A mail's token, not yet stored.</summary>
    public async Task<AccountToken> NewTokenAsync(TokenPurpose purpose, TimeSpan lifetime, UserId? user = null) =>
        new(purpose, Guid.NewGuid(), Now + lifetime, (await RingAsync()).MacKeys[0].Id, user);

    /// <summary>Stores a token as its flow does, but without a mail.</summary>
    /// <returns>Its text.</returns>
    public async Task<string> IssueAsync(AccountKey key, AccountToken token)
    {
        await Timeline.ScheduleChangeAsync(new(key, token.ExpiresAt), default);
        Assert.True(await Accounts.TryWriteAsync(key, new(Issue: token, ReplacesAny: true), default));
        return (await FindLinkAsync(key, token.Purpose)).Text;
    }

    /// <summary>Derives the text of an email's stored token, as the mail does.</summary>
    public async Task<(AccountToken Token, string Text)> FindLinkAsync(AccountKey key, TokenPurpose purpose)
    {
        var token = (await Accounts.ReadAsync(key, default)).Find(purpose);
        Assert.NotNull(token);
        return (token, AccountTokenCodec.Write(key, token, await RingAsync())!);
    }

    /// <summary>Moves a party's account to another email, and drops the notice to the former one.</summary>
    public async Task MoveAsync(Party party, Email to)
    {
        var key = party.Account.Email.ToAccountKey();
        var token = await NewTokenAsync(TokenPurpose.Verify, AccountToken.VerifyLifetime, party.Account.Id);
        var text = await IssueAsync(
            to.ToAccountKey(), token with { Address = to.Address, From = key, Epoch = party.Account.Epoch });
        Assert.IsType<VerifyEmailResult.Verified>(await VerifyEmail.ExecuteAsync(text, Client, default));
        traffic.Epochs.TryAdd($"{(await Accounts.ReadAsync(to.ToAccountKey(), default)).Account!.Epoch}", true);
        await RemoveAsync("Timeline", TableClient.CreateQueryFilter($"PartitionKey ge {"o:"} and PartitionKey lt {"o;"} and Key eq {key.Value}"));
        await RemoveAsync("Accounts", TableClient.CreateQueryFilter($"PartitionKey eq {key.Value} and RowKey ge {"o:"} and RowKey lt {"o;"}"));
    }

    /// <summary>Begins the counts of mails, or the first mail of an hour would make another call than the others.</summary>
    public async Task CountMailsAsync()
    {
        for (var at = Now.AddHours(-1); at < Now.AddHours(4); at += TimeSpan.FromHours(1))
        {
            var hour = $"{at.UtcDateTime:yyyyMMddHH}";
            await Table("Timeline").UpsertEntityAsync(new TableEntity($"o:{hour}", $"n:{hour}") { ["Count"] = 0 });
        }
    }

    /// <summary>Changes nothing of the account but its epoch.</summary>
    public Task ChangeAsync(string key) => _services.GetRequiredService<AccountFence>()
        .ChangeAsync(new(key), (account, _) => new(account, new(Now)), default);

    /// <param name="shard">The shard of the timeline that the session is to be in.</param>
    public async Task<Ticket> OpenAsync(Party party, TimeSpan age = default, int? shard = null)
    {
        var now = Now - age;
        var policies = new SessionPolicies();
        Session session;
        do
        {
            session = Session.Start(party.Account, Client, remember: age > TimeSpan.FromHours(1), now, policies);
        }
        while (shard is { } wanted && session.Id.Value % Shards != (UInt128)wanted);

        var ring = await RingAsync();
        (session, var entry) = AuditChain.Begin(session, ring.AuditKeyAt(Now));
        await Timeline.ScheduleExpiryAsync(new(session.UserId, session.Id, session.ExpiresAt), default);
        await Timeline.RecordAsync(
            new(ActivityKind.Login, now, Client.IpAddress) { UserId = session.UserId, SessionId = session.Id }, default);
        var version = await Sessions.TryOpenAsync(session, party.Account.Epoch, entry, [], null, default)
            ?? throw new InvalidOperationException("The session was not opened.");
        var tokens = new TokenOptions { Issuer = Issuer, Audience = Audience };
        // Tokens of today, however old the session is.
        var issued = IssuedTokens.Issue(session.ToRefreshToken(version, now), ring, tokens, Now);
        var ticket = new Ticket(session, issued.AccessText, issued.RefreshText);
        party.Tickets.Add(ticket);
        return ticket;
    }

    private Task<KeyRing> RingAsync() => _services.GetRequiredService<KeyRingSource>().GetAsync(default).AsTask();

    public async Task TouchAsync(Ticket ticket, params (string Column, object Value)[] columns)
    {
        var row = new TableEntity(ticket.Session.UserId.ToString(), $"s:{ticket.Id}");
        foreach (var (column, value) in columns)
            row[column] = value;
        await Table("Sessions").UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge);
    }
}
