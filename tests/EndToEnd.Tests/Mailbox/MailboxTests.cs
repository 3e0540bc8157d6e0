namespace EndToEnd.Tests.Mailbox;

[Collection(nameof(App))]
public sealed class MailboxTests(App app)
{
    private const string Password = "a fourth horse battery staple";

    [Fact]
    public async Task A_login_from_a_new_device_comes_with_the_next_poll_and_later_polls_are_not_modified()
    {
        var email = await NewEmailAsync();
        var first = (await app.Client.LoginAsync(email, Password, device: "first")).IsOk();
        var nothing = (await PollAsync(first, "sessions/notices?after=0")).IsOk();
        Assert.Equal(304, (await PollAsync(first, "sessions/notices?after=0", nothing)).Status);

        var second = (await app.Client.LoginAsync(email, Password, device: "second")).IsOk();
        var news = (await PollAsync(first, "sessions/notices?after=0", nothing)).IsOk();
        var notice = Assert.Single(news.Json.GetProperty("notices").EnumerateArray().ToList());
        Assert.Equal(
            ("new_device", second.SessionId, "second", 1),
            (Text(notice, "kind"), Text(notice, "sessionId"), Text(notice, "device"), notice.GetProperty("number").GetInt32()));
        Assert.Equal(304, (await PollAsync(first, "sessions/notices", news)).Status);
        Assert.Empty((await PollAsync(second, "sessions/notices?after=1")).Json.GetProperty("notices").EnumerateArray());
    }

    [Fact]
    public async Task Two_users_write_to_each_other()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var empty = (await PollAsync(bob, $"messages?with={ann.UserId}&after=0")).IsOk();
        var sent = await SendAsync(ann, bob, "hello", "key number one");
        Assert.Equal(201, sent.Status);
        Assert.Equal(sent.Text, (await SendAsync(ann, bob, "hello", "key number one")).IsOk().Text);
        Assert.Equal(201, (await SendAsync(bob, ann, "hello\nyourself 😀", "key number one")).Status);

        var news = (await PollAsync(bob, $"messages?with={ann.UserId}&after=0", empty)).IsOk();
        Assert.Equal(["hello", "hello\nyourself 😀"], Bodies(news));
        Assert.Equal(Bodies(news), Bodies(await PollAsync(ann, $"messages?with={bob.UserId}")));
        Assert.Equal(304, (await PollAsync(bob, $"messages?with={ann.UserId}&after=0", news)).Status);
        Assert.Equal(["hello\nyourself 😀"], Bodies(await PollAsync(bob, $"messages?with={ann.UserId}&after=1")));
        Assert.Equal(["hello"], Bodies(await PollAsync(bob, $"messages?with={ann.UserId}&before=2&limit=1")));
    }

    [Fact]
    public async Task What_is_unread_is_counted_for_each_conversation_and_in_all_until_it_is_marked()
    {
        var (ann, bob, eve) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        await SendAsync(bob, ann, "one", "key number one");
        await SendAsync(bob, ann, "two", "key number two");
        await SendAsync(eve, ann, "three", "key number one");
        var before = (await PollAsync(ann, "messages/conversations")).IsOk();
        Assert.Equal((3, (eve.UserId, 1), (bob.UserId, 2)), Unread(before));
        Assert.Equal(304, (await PollAsync(ann, "messages/conversations", before)).Status);

        (await CallAsync(HttpMethod.Post, "messages/read", ann, new() { ["with"] = bob.UserId, ["upTo"] = 1 })).IsEmpty();
        Assert.Equal((2, (eve.UserId, 1), (bob.UserId, 1)), Unread((await PollAsync(ann, "messages/conversations", before)).IsOk()));
        (await CallAsync(HttpMethod.Post, "messages/read", ann, new() { ["with"] = bob.UserId, ["upTo"] = 3 })).IsProblem(404, "not_found");

        static (int, (string, int), (string, int)) Unread(Answer answer)
        {
            var each = answer.Json.GetProperty("conversations").EnumerateArray()
                .Select(one => (Text(one, "with"), one.GetProperty("unread").GetInt32())).ToList();
            return (answer.Json.GetProperty("unread").GetInt32(), each[0], each[1]);
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
        var body = new JsonObject { ["to"] = "0001ARZ3NDEKTSV4RRFFQ69G5FAV", ["body"] = "hello", ["idempotencyKey"] = "key number one" };
        body[field] = JsonNode.Parse(value);
        (await CallAsync(HttpMethod.Post, "messages", await app.LoginAsync(), body)).Refuses(field);
    }

    [Fact]
    public async Task A_message_has_at_most_4096_bytes_and_is_not_to_oneself()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        Assert.Equal(201, (await SendAsync(ann, bob, new string('€', 1365) + "a", "key number one")).Status);
        (await SendAsync(ann, bob, new string('€', 1366), "key number two")).Refuses("body");
        (await SendAsync(ann, ann, "hello", "key number three")).Refuses("to");
    }

    [Theory]
    [InlineData("with", "messages")]
    [InlineData("with", "messages?with=nobody")]
    [InlineData("after", "messages?with=0001ARZ3NDEKTSV4RRFFQ69G5FAV&after=-1")]
    [InlineData("after", "sessions/notices?after=x")]
    [InlineData("after", "sessions/notices?after=2147483648")]
    [InlineData("before", "messages?with=0001ARZ3NDEKTSV4RRFFQ69G5FAV&after=1&before=2")]
    [InlineData("limit", "sessions/notices?limit=101")]
    [InlineData("users", "presence")]
    [InlineData("users", "presence?users=")]
    [InlineData("users", "presence?users=nobody")]
    [InlineData("users", "presence?users=0001ARZ3NDEKTSV4RRFFQ69G5FAV,")]
    public async Task A_query_with_a_wrong_field_is_refused_by_its_name(string field, string route) =>
        (await PollAsync(await app.LoginAsync(), route)).Refuses(field);

    [Fact]
    public async Task Who_is_online_is_told_for_up_to_50_users()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        (await CallAsync(HttpMethod.Post, "sessions/heartbeat", bob)).IsOk();
        const string nobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";
        var answer = (await PollAsync(ann, $"presence?users={nobody},{bob.UserId},{nobody}")).IsOk();
        Assert.Equal(
            [(nobody, false), (bob.UserId, true)],
            answer.Json.GetProperty("users").EnumerateArray().Select(user => (Text(user, "id"), user.GetProperty("online").GetBoolean())));

        var users = Enumerable.Range(0, 51).Select(i => $"{nobody[..^2]}{i:D2}").ToList();
        Assert.Equal(50, (await PollAsync(ann, $"presence?users={string.Join(',', users.Take(50))}")).IsOk().Json.GetProperty("users").GetArrayLength());
        (await PollAsync(ann, $"presence?users={string.Join(',', users)}")).Refuses("users");
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static IEnumerable<string> Bodies(Answer answer) =>
        answer.IsOk().Json.GetProperty("messages").EnumerateArray().Select(message => Text(message, "body"));

    private async Task<string> NewEmailAsync()
    {
        var email = App.NewEmail();
        var registration = SessionClient.Post("accounts", $$"""{"email":"{{email}}","password":"{{Password}}"}""");
        Assert.Equal(201, (await app.Client.SendAsync(registration)).Status);
        return email;
    }

    private async Task<Answer> NewUserAsync() => (await app.Client.LoginAsync(await NewEmailAsync(), Password)).IsOk();

    private Task<Answer> SendAsync(Answer from, Answer to, string body, string key) => CallAsync(
        HttpMethod.Post, "messages", from, new() { ["to"] = to.UserId, ["body"] = body, ["idempotencyKey"] = key });

    private Task<Answer> CallAsync(HttpMethod method, string route, Answer user, JsonObject? body = null) =>
        app.Client.CallAsync(method, route, user.AccessToken, body?.ToJsonString());

    private Task<Answer> PollAsync(Answer user, string route, Answer? known = null)
    {
        var request = SessionClient.WithBearer(SessionClient.Get(route), user.AccessToken);
        if (known is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", known.Header("ETag"));
        return app.Client.SendAsync(request);
    }
}
