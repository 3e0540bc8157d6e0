namespace EndToEnd.Tests.WrongInput;

/// <summary>Each wrong request is refused with the problem that says why, and leaves no trace in storage.</summary>
[Collection(nameof(App))]
public sealed class WrongInputTests(App app, WrongInputTests.Fixture fixture) : IClassFixture<WrongInputTests.Fixture>
{
    private static readonly Dictionary<string, Case> ByName = Case.All.ToDictionary(wrong => wrong.Name);

    public static TheoryData<string> Names { get; } = [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Wrong_input_gets_the_problem_that_says_why(string name)
    {
        var wrong = ByName[name];
        var answer = (await app.Client.SendAsync(wrong.Build(fixture.Sessions))).IsProblem(wrong.Status, wrong.Code);
        Assert.Equal(wrong.Allow, answer.Header("Allow"));
        Assert.Contains(wrong.Detail, answer.Json.Text("detail"), StringComparison.Ordinal);
        if (wrong.Field is { } field)
            answer.Refuses(field);
    }

    [Fact]
    public async Task Wrong_input_writes_nothing_and_leaves_the_sessions_that_it_names_as_they_are()
    {
        var before = await app.Tables.SnapshotAsync();
        foreach (var wrong in ByName.Values)
            await app.Client.SendAsync(wrong.Build(fixture.Sessions));
        var after = await app.Tables.SnapshotAsync();
        Assert.NotEmpty(before);
        Assert.Empty(after.Except(before));
        Assert.Empty(before.Except(after));
        foreach (var session in new[] { fixture.Sessions.Mine, fixture.Sessions.Other })
        {
            Assert.Equal(0, await app.Tables.GenerationAsync(session));
            Assert.Equal(session.SessionId, (await app.Client.StatusAsync(session.AccessToken)).IsOk().SessionId);
        }
    }

    [Fact]
    public async Task A_HEAD_request_to_what_has_no_GET_is_refused_without_a_body()
    {
        var answer = await app.Client.CallAsync(HttpMethod.Head, "sessions/login", accessToken: null);
        Assert.Equal((405, "POST", ""), (answer.Status, answer.Header("Allow"), answer.Text));
    }

    [Theory]
    [InlineData("sessions/login%00")]
    [InlineData("%2e%2e/sessions/status")]
    [InlineData("../sessions/status")]
    [InlineData("../admin/functions/%2e%2e")]
    public async Task An_address_that_does_not_get_as_far_as_the_app_is_refused_by_the_host(string route) =>
        Assert.InRange((await app.Client.SendToHostAsync(SessionClient.Get(route))).Status, 400, 499);

    [Fact]
    public async Task A_header_beyond_what_the_server_takes_is_refused()
    {
        var answer = await app.Client.SendToHostAsync(Case.StatusWith($"Bearer {new string('a', 100_000)}"));
        Assert.InRange(answer.Status, 400, 499);
    }

    public sealed class Fixture(App app) : IAsyncLifetime
    {
        public GoodSessions Sessions { get; private set; } = null!;

        public async Task InitializeAsync() => Sessions = new(await app.LoginAsync(), await app.LoginAsync());

        public async Task DisposeAsync()
        {
            (await app.Client.LogoutAsync(Sessions.Mine.AccessToken)).IsEmpty();
            (await app.Client.LogoutAsync(Sessions.Other.AccessToken)).IsEmpty();
        }
    }
}
