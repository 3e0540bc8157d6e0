using Azure.Core.Pipeline;

namespace Serverless.Tables.Tests;

/// <summary>Known and unknown emails cost the same calls on the same rows, also after the answer.</summary>
[Collection(nameof(TableFixture))]
public sealed partial class EnumerationTests : IDisposable
{
    private readonly Recording _recording = new();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public EnumerationTests(TableFixture fixture) => _service = new(
        fixture.CreateStores(_recording), _clock, accountOptions: new() { VerifyEmail = true }, sender: new MailSink());

    [Fact]
    public async Task A_registration_costs_the_same_for_a_free_and_a_taken_email() => await AreSameAsync(
        email => _service.RegisterAccount.ExecuteAsync(email, new("another horse battery staple"), null, default));

    [Fact]
    public async Task A_registration_with_a_passkey_costs_the_same_for_a_free_and_a_taken_email() => await AreSameAsync(async email =>
    {
        var ceremony = await _service.StartAccountWithPasskey.ExecuteAsync(email, Service.Origin, default);
        var credential = JsonSerializer.SerializeToElement(new SoftwareAuthenticator(Service.Origin).Create(ceremony.Options));
        Assert.IsType<RegisterAccountWithPasskeyResult.Accepted>(await _service.RegisterAccountWithPasskey.ExecuteAsync(
            new(ceremony.State, credential, Service.Origin), email, null, Service.Client, _ => true, default));
    });

    [Fact]
    public async Task A_wrong_password_costs_the_same_for_any_email() => await AreSameAsync(async email =>
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email, "wrong password")));

    [Fact]
    public async Task A_link_that_is_asked_for_again_costs_the_same_for_any_email() =>
        await AreSameAsync(email => _service.SendVerification.ExecuteAsync(email, null, default));

    [Fact]
    public async Task A_forgotten_password_costs_the_same_for_any_email() =>
        await AreSameAsync(email => _service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default));

    [Fact]
    public async Task A_login_costs_the_same_after_somebody_registered_the_email() => await AreSameAsync(async email =>
    {
        await _service.RegisterAccount.ExecuteAsync(email, new("another horse battery staple"), null, default);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email, "wrong password"));
        Assert.IsType<StartSessionResult.EmailNotVerified>(await _service.TryLoginAsync(email, "another horse battery staple"));
    });

    public void Dispose() => _service.Dispose();

    private async Task AreSameAsync(Func<Email, Task> operation)
    {
        await _service.Keys.GetAsync(default);
        Email[] emails =
        [
            Service.NewEmail(), (await _service.CreateAccountAsync()).Email, await NewAsync(AccountState.Disabled), await NewAsync(AccountState.Moved),
            await NewAsync(AccountState.Active, isVerified: true), await NewAsync(AccountState.Active, isVerified: true, isPasskeyOnly: true),
        ];
        await RunAsync(Service.NewEmail());
        var expected = await RunAsync(emails[0]);
        Assert.True(expected.Count >= 5, string.Join('\n', expected));
        foreach (var email in emails[1..])
            Assert.Equal(expected, await RunAsync(email));

        async Task<IReadOnlyList<string>> RunAsync(Email email)
        {
            _recording.Calls.Clear();
            await operation(email);
            // What follows the answer.
            _clock.Advance(TimeSpan.FromMinutes(2));
            await _service.SendOutbox.ExecuteAsync(default);
            // Each instance reads the key ring every few minutes, whatever is asked.
            return [.. _recording.Calls.Where(call => !call.Contains("='ring'", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    private async Task<Email> NewAsync(AccountState state, bool isVerified = false, bool isPasskeyOnly = false)
    {
        var account = await _service.CreateAccountAsync();
        var stored = (await _service.Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
        await _service.Stores.Accounts.TryReplaceAsync(
            stored with
            {
                State = state,
                EmailVerifiedAt = isVerified ? stored.CreatedAt : null,
                PasswordHash = isPasskeyOnly || state == AccountState.Moved ? null : stored.PasswordHash,
                IsPasskeyOnly = isPasskeyOnly,
            },
            null, default);
        return account.Email;
    }

    /// <summary>Method, table and kind of row of each call, and of each change in a transaction.</summary>
    internal sealed partial class Recording : HttpPipelineSynchronousPolicy
    {
        public ConcurrentQueue<string> Calls { get; } = [];

        public override void OnSendingRequest(HttpMessage message)
        {
            var request = $"{message.Request.Method} {Uri.UnescapeDataString(message.Request.Uri.ToUri().PathAndQuery)}";
            using var body = new MemoryStream();
            message.Request.Content?.WriteTo(body, default);
            var text = Encoding.UTF8.GetString(body.ToArray());
            var changes = Changes().Matches(text).Select(match => Uri.UnescapeDataString(match.Value));
            Calls.Enqueue(Names().Replace(string.Join(" | ", [request, .. changes, .. RowKeys().Matches(text).Select(match => match.Value)]), "#"));
        }

        [GeneratedRegex(@"(?<=\n|^)(POST|PUT|PATCH|DELETE|MERGE) \S+")]
        private static partial Regex Changes();

        [GeneratedRegex(@"""RowKey"":""[a-zA-Z]+:(\w+:)?")]
        private static partial Regex RowKeys();

        // Shards, user ids, account keys, ids, times.
        [GeneratedRegex(@"(?<=[a-z]:)[0-9a-f]{2}(?=:)|00[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32}|\d{10,}|[0-9]{4}-[0-9T:.Z-]+")]
        private static partial Regex Names();
    }
}
