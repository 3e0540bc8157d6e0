namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class PromisedRefusalTests(App app)
{
    // A time in 2016: nobody has it.
    private const string NobodysId = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";

    public static TheoryData<string> WithBody => NamesOf(each => each.Body.TryGetProperty("requestBody", out _));
    public static TheoryData<string> WithSession => NamesOf(each => Schemes(each).Contains("bearer"));
    public static TheoryData<string> ForAdministrators => NamesOf(each => each.Path.StartsWith("/admin/", StringComparison.Ordinal));
    public static TheoryData<string> OfAnAccount => NamesOf(each => each.ParametersIn("path").Contains("userId"));

    [OwnAppTheory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_cannot_be_read_is_refused(string operation)
    {
        (await SendAsync(operation, new string('x', 20_000), "application/json")).IsProblem(413, "payload_too_large");
        (await SendAsync(operation, "{}", "text/plain")).IsProblem(415, "unsupported_media_type");
        (await SendAsync(operation, "[]", "application/json")).IsProblem(400, "invalid_request");
    }

    [Theory]
    [MemberData(nameof(WithSession))]
    public async Task A_session_that_is_over_is_refused(string operation)
    {
        var login = await app.LoginAsync();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        (await app.Client.SendAsync(SessionClient.WithBearer(RequestOf(Find(operation)), login.AccessToken)))
            .IsProblem(401, "session_ended", "logout");
    }

    [Theory]
    [MemberData(nameof(ForAdministrators))]
    public async Task An_admin_route_is_for_administrators_only(string operation)
    {
        var login = await app.LoginAsync();
        (await app.Client.SendAsync(SessionClient.WithBearer(RequestOf(Find(operation)), login.AccessToken))).IsProblem(403, "forbidden");
        (await app.Client.SendAsync(RequestOf(Find(operation)))).IsProblem(401, "token_invalid");
    }

    [OwnAppTheory]
    [MemberData(nameof(OfAnAccount))]
    public async Task An_account_that_is_not_there_is_not_found(string operation)
    {
        (await SendAsync(operation, """{"disabled":true}""", "application/json")).IsProblem(404, "not_found");
    }

    // As an administrator, where the operation needs a session at all: a logout that has one reads no body.
    private async Task<Answer> SendAsync(string name, string body, string contentType)
    {
        var operation = Find(name);
        var request = RequestOf(operation);
        request.Content = new StringContent(body, Encoding.UTF8, contentType);
        if (Schemes(operation) is ["bearer"])
        {
            var administrator = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
            SessionClient.WithBearer(request, administrator.AccessToken);
        }

        return await app.Client.SendAsync(request);
    }

    private static HttpRequestMessage RequestOf(ApiOperation operation) => new(
        new(operation.Method.ToUpperInvariant()),
        SessionClient.Api(operation.Path.TrimStart('/')
            .Replace("{userId}", NobodysId, StringComparison.Ordinal)
            .Replace("{id}", $"{Guid.NewGuid():N}", StringComparison.Ordinal)
            .Replace("{address}", "192.0.2.250", StringComparison.Ordinal)));

    private static ApiOperation Find(string name) => ApiDocument.Operations.Single(each => each.ToString() == name);

    private static List<string> Schemes(ApiOperation operation) =>
    [
        .. operation.Body.GetProperty("security").EnumerateArray()
            .SelectMany(requirement => requirement.EnumerateObject()).Select(scheme => scheme.Name),
    ];

    // An answer to HEAD has no body that could say why.
    private static TheoryData<string> NamesOf(Func<ApiOperation, bool> chosen) =>
        [.. ApiDocument.Operations.Where(each => each.Method != "head").Where(chosen).Select(each => each.ToString())];
}
