namespace Serverless.Sessions.Tests.Mailbox;

public sealed class NoticeTests : IAsyncLifetime, IDisposable
{
    private static readonly ClientInfo Phone = new("198.51.100.9", "test/1.0", "a phone");

    private readonly Service _service = new(InMemoryStores.Create(), new());
    private Account _account = null!;

    public async Task InitializeAsync() => _account = await _service.CreateAccountAsync();
    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_login_from_a_new_device_is_a_notice_and_those_from_known_ones_are_none()
    {
        await _service.LoginAsync(_account.Email);
        await _service.LoginAsync(_account.Email);
        Assert.Empty(await ReadAsync());
        var session = (await _service.LoginAsync(_account.Email, client: Phone)).Session;
        await _service.LoginAsync(_account.Email, client: Phone);
        Assert.Equal([new(1, new(NoticeKind.NewDevice, session.CreatedAt, session.Id, Phone))], await ReadAsync());
    }

    [Fact]
    public async Task A_session_that_ended_by_reuse_is_a_notice_and_one_that_ended_otherwise_is_none()
    {
        var started = await _service.LoginAsync(_account.Email);
        await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 2; i++)
            await _service.RefreshSession.ExecuteAsync(started.Tokens.RefreshText, null, TimeSpan.Zero, false, Phone, default);
        var now = _service.Clock.GetUtcNow();
        Assert.Equal([new(1, new(NoticeKind.TokenReuse, now, started.Session.Id, Phone))], await ReadAsync());
    }

    private Task<IReadOnlyList<StoredNotice>> ReadAsync() => _service.Stores.Mailbox.ReadNoticesAsync(_account.Id, 0, 10, default);
}
