namespace EndToEnd.Tests.WrongInput;

/// <summary>Every field of every query in openapi.json: no wrong value is silently taken for another.</summary>
[Collection(nameof(App))]
public sealed class QueryTests(App app)
{
    // A time in 2016: nobody has it.
    private const string Nobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string AnotherNobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAW";

    private static readonly Dictionary<string, (string First, string Second)> Right = new()
    {
        ["limit"] = ("1", "2"),
        ["since"] = ("1", "2"),
        ["after"] = ("1", "2"),
        ["before"] = ("1", "2"),
        ["with"] = (Nobody, AnotherNobody),
        ["users"] = (Nobody, AnotherNobody),
        ["email"] = ("a@example.com", "b@example.com"),
        ["from"] = ("2026-03-14", "2026-03-15"),
        ["to"] = ("2026-03-14", "2026-03-15"),
        ["kind"] = ("token_reuse", "new_device"),
        ["delivery"] = ("dead_letter", "delivered"),
        ["others"] = ("true", "false"),
        ["action"] = ("login", "logout"),
        ["user"] = (Nobody, AnotherNobody),
        ["address"] = ("203.0.113.7", "203.0.113.8"),
        ["country"] = ("DE", "US"),
        ["success"] = ("true", "false"),
    };

    // Where a field isn't what it is elsewhere.
    private static readonly Dictionary<(string Operation, string Field), (string First, string Second)> RightOf = new()
    {
        [("GET /admin/activity", "kind")] = ("login", "failed_login"),
        [("GET /admin/activity", "from")] = ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53.5Z"),
        [("GET /admin/activity", "to")] = ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53.5Z"),
        [("GET /admin/accounts/{userId}/logs", "from")] = ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53.5Z"),
        [("GET /admin/accounts/{userId}/logs", "to")] = ("2026-03-14T09:26:53Z", "2026-03-14T09:26:53.5Z"),
    };

    // A continuation can't be made up.
    private static readonly string[] Opaque = ["logs", "audit", "events", "accounts", "activity"];

    public static TheoryData<string, string> Fields { get; } = FieldsOf((_, _) => true);

    public static TheoryData<string, string> FieldsToRepeat { get; } = FieldsOf((path, field) =>
        field != "after" || !Opaque.Any(end => path.EndsWith(end, StringComparison.Ordinal)));

    [OwnAppTheory]
    [MemberData(nameof(Fields))]
    public async Task A_value_that_is_none_is_refused(string operation, string field)
    {
        var login = await LoginAsync(operation);
        var parameter = ApiDocument.Route(operation).Parameters.Single(each => each.Text("name") == field);
        List<string> queries = [$"{field}=%C2%A7", $"{field}=maybe", $"{field}=true,false", $"{field}=%20"];
        // Only a flag may have none at all.
        if (!IsFlag(field))
            queries.AddRange([field, $"{field}=", $"{field}&x", $"{field}=&x=1"]);
        if (parameter.GetProperty("required").GetBoolean())
            queries.Add("");
        if (parameter.GetProperty("schema").TryGetProperty("maximum", out var maximum))
        {
            var minimum = parameter.GetProperty("schema").Number("minimum");
            queries.AddRange([$"{field}={minimum - 1}", $"{field}={maximum.GetInt64() + 1}", $"{field}={new string('9', 20)}"]);
            queries.AddRange([$"{field}=+1", $"{field}=1.5"]);
        }

        foreach (var query in queries)
            (await SendAsync(operation, login, query, field)).Refuses(field);
    }

    [OwnAppTheory]
    [MemberData(nameof(FieldsToRepeat))]
    public async Task Different_values_are_refused_and_the_same_twice_is_that_one(string operation, string field)
    {
        var (first, second) = RightOf.TryGetValue((operation, field), out var right) ? right : Right[field];
        var login = await LoginAsync(operation);
        (await SendAsync(operation, login, $"{field}={first}&{field}={second}", field)).Refuses(field);
        (await SendAsync(operation, login, $"{field}={second}&x=1&{field.ToUpperInvariant()}={first}", field)).Refuses(field);
        (await SendAsync(operation, login, $"{field}={(IsFlag(field) ? "false" : first)}&{field}", field)).Refuses(field);
        Assert.InRange((await SendAsync(operation, login, $"{field}={first}&{field}={first}", field)).Status, 200, 204);
    }

    [OwnAppTheory]
    [InlineData("others", true)]
    [InlineData("others=", true)]
    [InlineData("OTHERS", true)]
    [InlineData("x=1&others&y", true)]
    [InlineData("others&others=true", true)]
    [InlineData("others=true", true)]
    [InlineData("others=True", true)]
    [InlineData("others=false", false)]
    [InlineData("x=others", false)]
    [InlineData("", false)]
    public async Task A_flag_without_a_value_is_true(string query, bool staysLoggedIn)
    {
        var email = await app.NewAccountAsync();
        var mine = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var other = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();

        (await app.Client.CallAsync(HttpMethod.Post, $"sessions/logout-all?{query}", mine.AccessToken)).IsEmpty();

        (await app.Client.StatusAsync(other.AccessToken)).IsProblem(401, "session_ended", "logout_all");
        var status = await app.Client.StatusAsync(mine.AccessToken);
        if (staysLoggedIn)
            status.IsOk();
        else
            status.IsProblem(401, "session_ended", "logout_all");
    }

    private static bool IsFlag(string field) => field is "others" or "success";

    private Task<Answer> LoginAsync(string operation) =>
        ApiDocument.Route(operation).IsForAdministrators ? app.Client.LoginAsAdministratorAsync() : app.LoginAsync();

    private Task<Answer> SendAsync(string name, Answer login, string query, string field)
    {
        var operation = ApiDocument.Route(name);
        if (operation.Path == "/messages" && field != "with")
            query = $"with={Nobody}&{query}";
        var path = operation.Path.TrimStart('/')
            .Replace("{userId}", login.UserId, StringComparison.Ordinal).Replace("{id}", login.SessionId, StringComparison.Ordinal);
        return app.Client.CallAsync(operation.Verb, $"{path}?{query}", login.AccessToken);
    }

    private static TheoryData<string, string> FieldsOf(Func<string, string, bool> chosen)
    {
        var fields = new TheoryData<string, string>();
        foreach (var operation in ApiDocument.Routes)
        {
            foreach (var field in operation.ParametersIn("query").Where(field => chosen(operation.Path, field)))
                fields.Add(operation.ToString(), field);
        }

        return fields;
    }
}
