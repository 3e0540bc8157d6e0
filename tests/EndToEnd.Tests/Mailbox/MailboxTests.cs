namespace EndToEnd.Tests.Mailbox;

[Collection(nameof(App))]
public sealed class MailboxTests(App app)
{
    private const string Nobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task A_login_from_a_new_device_comes_with_the_next_poll_and_later_polls_are_not_modified()
    {
        var email = await app.NewAccountAsync();
        var first = (await app.Client.LoginAsync(email, AppSettings.Password, device: "first")).IsOk();
        var nothing = (await PollAsync(first, "sessions/notices?after=0")).IsOk();
        (await PollAsync(first, "sessions/notices?after=0", nothing)).Is(304);

        var second = (await app.Client.LoginAsync(email, AppSettings.Password, device: "second")).IsOk();
        var news = (await PollAsync(first, "sessions/notices?after=0", nothing)).IsOk();
        var notice = Assert.Single(news.Json.Items("notices"));
        Assert.Equal(
            ("new_device", second.SessionId, "second", 1),
            (notice.Text("kind"), notice.Text("sessionId"), notice.Text("device"), notice.Number("number")));
        (await PollAsync(first, "sessions/notices", news)).Is(304);
        Assert.Empty((await PollAsync(second, "sessions/notices?after=1")).Json.Items("notices"));
    }

    [Fact]
    public async Task Two_users_write_to_each_other()
    {
        var (ann, bob) = (await app.NewUserAsync(), await app.NewUserAsync());
        var empty = (await PollAsync(bob, $"messages?with={ann.UserId}&after=0")).IsOk();
        var sent = (await SendAsync(ann, bob, "hello", "key number one")).Is(201);
        Assert.Equal(sent.Text, (await SendAsync(ann, bob, "hello", "key number one")).IsOk().Text);
        (await SendAsync(bob, ann, "hello\nyourself 😀", "key number one")).Is(201);

        var news = (await PollAsync(bob, $"messages?with={ann.UserId}&after=0", empty)).IsOk();
        Assert.Equal(["hello", "hello\nyourself 😀"], Bodies(news));
        Assert.Equal(Bodies(news), Bodies(await PollAsync(ann, $"messages?with={bob.UserId}")));
        (await PollAsync(bob, $"messages?with={ann.UserId}&after=0", news)).Is(304);
        Assert.Equal(["hello\nyourself 😀"], Bodies(await PollAsync(bob, $"messages?with={ann.UserId}&after=1")));
        Assert.Equal(["hello"], Bodies(await PollAsync(bob, $"messages?with={ann.UserId}&before=2&limit=1")));
        (await PollAsync(bob, $"messages?with={ann.UserId}&after=1&before=2")).Refuses("before");
    }

    [Fact]
    public async Task What_is_unread_is_counted_for_each_conversation_and_in_all_until_it_is_marked()
    {
        var (ann, bob, eve) = (await app.NewUserAsync(), await app.NewUserAsync(), await app.NewUserAsync());
        await SendAsync(bob, ann, "one", "key number one");
        await SendAsync(bob, ann, "two", "key number two");
        await SendAsync(eve, ann, "three", "key number one");
        var before = (await PollAsync(ann, "messages/conversations")).IsOk();
        Assert.Equal((3, (eve.UserId, 1), (bob.UserId, 2)), Unread(before));
        (await PollAsync(ann, "messages/conversations", before)).Is(304);

        (await PostAsync("messages/read", ann, new { with = bob.UserId, upTo = 1 })).IsEmpty();
        Assert.Equal((2, (eve.UserId, 1), (bob.UserId, 1)), Unread((await PollAsync(ann, "messages/conversations", before)).IsOk()));
        (await PostAsync("messages/read", ann, new { with = bob.UserId, upTo = 3 })).IsProblem(404, "not_found");

        static (int, (string, int), (string, int)) Unread(Answer answer)
        {
            var each = answer.Json.Items("conversations").Select(one => (one.Text("with"), one.Number("unread"))).ToList();
            return (answer.Json.Number("unread"), each[0], each[1]);
        }
    }

    [Theory]
    [InlineData("to", "\"nobody\"")]
    [InlineData("to", "null")]
    [InlineData("to", "7")]
    [InlineData("body", "\"\"")]
    [InlineData("body", "\" \\n\"")]
    [InlineData("body", "\"a\\u0000b\"")]
    [InlineData("body", "null")]
    [InlineData("idempotencyKey", "\"1234567\"")]
    [InlineData("idempotencyKey", "null")]
    public async Task A_message_with_a_wrong_field_is_refused_by_its_name(string field, string value)
    {
        var body = new JsonObject { ["to"] = Nobody, ["body"] = "hello", ["idempotencyKey"] = "key number one" };
        body[field] = JsonNode.Parse(value);
        (await PostAsync("messages", await app.LoginAsync(), body)).Refuses(field);
    }

    [Fact]
    public async Task A_message_has_at_most_4096_bytes_and_is_not_to_oneself()
    {
        var (ann, bob) = (await app.NewUserAsync(), await app.NewUserAsync());
        (await SendAsync(ann, bob, new string('€', 1365) + "a", "key number one")).Is(201);
        (await SendAsync(ann, bob, new string('€', 1366), "key number two")).Refuses("body");
        (await SendAsync(ann, ann, "hello", "key number three")).Refuses("to");
    }

    [Fact]
    public async Task Who_is_online_is_told_for_up_to_50_users()
    {
        var (ann, bob) = (await app.NewUserAsync(), await app.NewUserAsync());
        (await PostAsync("sessions/heartbeat", bob)).IsOk();
        var answer = (await PollAsync(ann, $"presence?users={Nobody},{bob.UserId},{Nobody}")).IsOk();
        Assert.Equal(
            [(Nobody, false), (bob.UserId, true)],
            answer.Json.Items("users").Select(user => (user.Text("id"), user.GetProperty("online").GetBoolean())));

        var users = Enumerable.Range(0, 51).Select(i => $"{Nobody[..^2]}{i:D2}").ToList();
        var most = (await PollAsync(ann, $"presence?users={string.Join(',', users.Take(50))}")).IsOk();
        Assert.Equal(50, most.Json.Items("users").Count);
        (await PollAsync(ann, $"presence?users={string.Join(',', users)}")).Refuses("users");
        (await PollAsync(ann, $"presence?users={Nobody},")).Refuses("users");
    }

    private static IEnumerable<string> Bodies(Answer answer) =>
        answer.IsOk().Json.Items("messages").Select(message => message.Text("body"));

    private Task<Answer> SendAsync(Answer from, Answer to, string body, string idempotencyKey) =>
        PostAsync("messages", from, new { to = to.UserId, body, idempotencyKey });

    private Task<Answer> PostAsync(string route, Answer user, object? body = null) =>
        app.Client.CallAsync(HttpMethod.Post, route, user.AccessToken, body);

    private Task<Answer> PollAsync(Answer user, string route, Answer? known = null) =>
        app.Client.GetAsync(route, user.AccessToken, known?.Header("ETag"));
}
