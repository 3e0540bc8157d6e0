namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class ConcurrencyTests(TableFixture fixture) : IDisposable
{
    private readonly Service _service = new(fixture.CreateStores(), new());

    [Fact]
    public async Task Of_64_refreshes_with_one_token_one_rotates_and_all_get_working_tokens()
    {
        var started = await _service.LoginAsync();
        using var other = new Service(_service.Stores, _service.Clock);
        var all = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
            (i % 2 == 0 ? _service : other).RefreshAsync(started.Tokens.RefreshText)));
        Assert.All(all, tokens => Assert.Equal(1, tokens.Refresh.Generation));
        Assert.Equal(1, (await _service.FindAsync(started.Session)).Generation);
        Assert.Single(await _service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.TokenRefresh);
        await Task.WhenAll(all.Select(tokens => _service.RefreshAsync(tokens.RefreshText)));
        Assert.Equal(2, (await _service.FindAsync(started.Session)).Generation);
    }

    [Fact]
    public async Task Logins_beside_a_password_change_leave_no_open_session_of_the_old_password()
    {
        var account = await _service.CreateAccountAsync();
        var logins = Enumerable.Range(0, 24).Select(_ => _service.TryLoginAsync(account.Email)).ToArray();
        await _service.SetPassword.ExecuteAsync(account.Email, new("another horse battery staple"), null, null, null, default);
        await Task.WhenAll(logins);
        Assert.DoesNotContain(await _service.Stores.Sessions.ListAsync(account.Id, default), each => each.Stored.Session.Ending is null);
    }

    [Fact]
    public async Task A_logout_beside_refreshes_wins_and_is_logged_once()
    {
        var started = await _service.LoginAsync();
        var refreshes = Enumerable.Range(0, 16).Select(_ => _service.TryRefreshAsync(started.Tokens.RefreshText)).ToArray();
        Assert.IsType<EndSessionResult.Ended>(await _service.LogoutAsync(started.Session));
        await Task.WhenAll(refreshes);
        Assert.Equal(EndReason.Logout, (await _service.FindAsync(started.Session)).Ending!.Reason);
        Assert.Single(await _service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.Logout);
    }

    [Fact]
    public async Task Failures_at_the_same_time_are_all_counted()
    {
        var email = Service.NewEmail();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _service.TryLoginAsync(email, "wrong password")));
        Assert.Equal(4, (await _service.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle.Failures);
    }

    [Fact]
    public async Task Of_64_uses_of_a_mailed_token_over_two_instances_one_wins()
    {
        using var other = new Service(_service.Stores, _service.Clock);
        var account = await _service.CreateAccountAsync();
        var key = account.Email.ToAccountKey();
        await _service.RequestPasswordReset.ExecuteAsync(key, null, default);
        var token = (await _service.Stores.Accounts.ReadAsync(key, default)).Find(TokenPurpose.Reset)!;
        var text = AccountTokenCodec.Write(key, token, await _service.Keys.GetAsync(default))!;
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
            (i % 2 == 0 ? _service : other).ResetPassword.ExecuteAsync(text, new($"the password of try {i}"), Service.Client, default)));
        Assert.Single(results.OfType<ResetPasswordResult.Reset>());
        Assert.Equal(63, results.OfType<ResetPasswordResult.TokenInvalid>().Count());
        Assert.Single(await _service.LogOfAsync(account.Id), entry => entry.Action == LogAction.PasswordReset);
        var winner = Array.FindIndex(results, result => result is ResetPasswordResult.Reset);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(account.Email, $"the password of try {winner}"));
    }

    [Fact]
    public async Task Two_users_who_write_at_the_same_time_over_two_instances_have_all_messages_once_and_in_one_order()
    {
        using var other = new Service(_service.Stores, _service.Clock);
        var (ann, bob) = ((await _service.CreateAccountAsync()).Id, (await _service.CreateAccountAsync()).Id);
        var writers = Enumerable.Range(0, 8).Select(async writer =>
        {
            var (from, to) = writer % 2 == 0 ? (ann, bob) : (bob, ann);
            for (var i = 0; i < 6; i++)
            {
                var service = (writer + i) % 3 == 0 ? _service : other;
                // Some twice at once, as a client that lost its patience.
                var tries = await Task.WhenAll(Enumerable.Range(0, 1 + i % 2).Select(_ =>
                    service.SendMessage.ExecuteAsync(from, to, $"{writer} {i}", $"key {writer} {i} of mine", default)));
                Assert.Single(tries, result => result is SendMessageResult.Sent);
            }
        });
        await Task.WhenAll(writers);
        var (first, second) = (await ReadAsync(ann, bob), await ReadAsync(bob, ann));
        Assert.Equal(first, second);
        Assert.Equal(Enumerable.Range(1, 48), first.Select(message => message.Number));
        Assert.Equal(48, first.Select(message => message.Body).Distinct().Count());
        for (var writer = 0; writer < 8; writer++)
            Assert.Equal(Enumerable.Range(0, 6).Select(i => $"{writer} {i}"), first.Select(message => message.Body).Where(body => body[0] == '0' + writer));

        async Task<IReadOnlyList<Message>> ReadAsync(UserId owner, UserId with) =>
            (await _service.ReadConversation.AfterAsync(owner, with, 0, 1000, default)).Messages;
    }

    public void Dispose() => _service.Dispose();
}
