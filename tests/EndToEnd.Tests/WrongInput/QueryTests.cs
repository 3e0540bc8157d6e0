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
    };

    // A continuation can't be made up.
    private static readonly string[] Opaque = ["my-session-logs", "audit", "events", "accounts"];

    public static TheoryData<string, string> Fields { get; } = FieldsOf(_ => true);

    public static TheoryData<string, string> FieldsToRepeat { get; } = FieldsOf(each =>
        each.Field != "after" || !Opaque.Any(end => each.Operation.Path.EndsWith(end, StringComparison.Ordinal)));

    [OwnAppTheory]
    [MemberData(nameof(Fields))]
    public async Task A_value_that_is_none_is_refused(string operation, string field)
    {
        // Only a flag may have none at all.
        string[] values = ["=%C2%A7", "=maybe", "=true,false", "=%20", .. IsFlag(field) ? [] : new[] { "", "=", "&x", "=&x=1" }];
        foreach (var value in values)
            await IsRefusedAsync(operation, field, field + value);
    }

    [OwnAppTheory]
    [MemberData(nameof(FieldsToRepeat))]
    public async Task Different_values_are_refused_and_the_same_twice_is_that_one(string operation, string field)
    {
        var (first, second) = Right[field];
        await IsRefusedAsync(operation, field, $"{field}={first}&{field}={second}");
        await IsRefusedAsync(operation, field, $"{field}={second}&x=1&{field.ToUpperInvariant()}={first}");
        await IsRefusedAsync(operation, field, $"{field}={(IsFlag(field) ? "false" : first)}&{field}");
        Assert.InRange((await SendAsync(operation, $"{field}={first}&{field}={first}", field)).Status, 200, 204);
    }

    [OwnAppTheory]
    [InlineData("others", true)]
    [InlineData("others=", true)]
    [InlineData("OTHERS", true)]
    [InlineData("x=1&others&y", true)]
    [InlineData("others&others=true", true)]
    [InlineData("others=True", true)]
    [InlineData("others=false", false)]
    [InlineData("x=others", false)]
    [InlineData("", false)]
    public async Task A_flag_without_a_value_is_true(string query, bool staysLoggedIn)
    {
        var (email, password) = (App.NewEmail(), "a sixth horse battery staple");
        await app.Client.SendAsync(SessionClient.Post("accounts", $$"""{"email":"{{email}}","password":"{{password}}"}"""));
        var (mine, other) = ((await app.Client.LoginAsync(email, password)).IsOk(), (await app.Client.LoginAsync(email, password)).IsOk());

        (await app.Client.CallAsync(HttpMethod.Post, $"sessions/logout-all?{query}", mine.AccessToken)).IsEmpty();

        (await app.Client.StatusAsync(other.AccessToken)).IsProblem(401, "session_ended", "logout_all");
        var status = await app.Client.StatusAsync(mine.AccessToken);
        if (staysLoggedIn)
            status.IsOk();
        else
            status.IsProblem(401, "session_ended", "logout_all");
    }

    private static bool IsFlag(string field) => field == "others";

    private async Task IsRefusedAsync(string operation, string field, string query) =>
        (await SendAsync(operation, query, field)).Refuses(field);

    private async Task<Answer> SendAsync(string name, string query, string field)
    {
        var operation = ApiDocument.Operations.Single(each => each.ToString() == name);
        // The flag ends sessions, so each time there is a new one; the administrator's are needed by others.
        var isAdmin = operation.Path.StartsWith("/admin/", StringComparison.Ordinal);
        var login = isAdmin ? await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword) : await app.LoginAsync();
        if (operation.Path == "/messages" && field != "with")
            query = $"with={Nobody}&{query}";
        var path = operation.Path.TrimStart('/')
            .Replace("{userId}", login.UserId, StringComparison.Ordinal).Replace("{id}", login.SessionId, StringComparison.Ordinal);
        return await app.Client.CallAsync(new(operation.Method.ToUpperInvariant()), $"{path}?{query}", login.AccessToken);
    }

    private static TheoryData<string, string> FieldsOf(Func<(ApiOperation Operation, string Field), bool> chosen)
    {
        var fields = new TheoryData<string, string>();
        foreach (var (operation, field) in ApiDocument.Operations.Where(each => each.Method != "head")
            .SelectMany(operation => operation.ParametersIn("query").Select(field => (operation, field))).Where(chosen))
        {
            fields.Add(operation.ToString(), field);
        }

        return fields;
    }
}
