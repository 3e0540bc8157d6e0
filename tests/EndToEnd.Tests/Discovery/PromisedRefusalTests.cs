namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class PromisedRefusalTests(App app)
{
    // A time in 2016: nobody has it.
    private const string NobodysId = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";

    public static TheoryData<string> WithBody => NamesOf(each => each.TakesJson);
    public static TheoryData<string> WithSession => NamesOf(each => each.Schemes.Contains("bearer"));
    public static TheoryData<string> ForAdministrators => NamesOf(each => each.IsForAdministrators);
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
    public async Task Without_a_session_or_with_one_that_is_over_it_is_refused(string operation)
    {
        (await app.Client.SendAsync(RequestOf(operation))).IsProblem(401, "token_invalid");
        var login = await app.LoginAsync();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        (await app.Client.SendAsync(RequestOf(operation, login))).IsProblem(401, "session_ended", "logout");
    }

    [Theory]
    [MemberData(nameof(ForAdministrators))]
    public async Task An_admin_route_is_for_administrators_only(string operation) =>
        (await app.Client.SendAsync(RequestOf(operation, await app.LoginAsync()))).IsProblem(403, "forbidden");

    [OwnAppTheory]
    [MemberData(nameof(OfAnAccount))]
    public async Task An_account_that_is_not_there_is_not_found(string operation) =>
        (await SendAsync(operation, """{"disabled":true,"disable":true}""", "application/json")).IsProblem(404, "not_found");

    // As an administrator, where the operation needs a session at all: a logout that has one reads no body.
    private async Task<Answer> SendAsync(string operation, string body, string contentType)
    {
        var needsSession = ApiDocument.Route(operation).Schemes is ["bearer"];
        var request = RequestOf(operation, needsSession ? await app.Client.LoginAsAdministratorAsync() : null);
        request.Content = new StringContent(body, Encoding.UTF8, contentType);
        return await app.Client.SendAsync(request);
    }

    private static HttpRequestMessage RequestOf(string name, Answer? login = null)
    {
        var operation = ApiDocument.Route(name);
        var route = operation.Path.TrimStart('/')
            .Replace("{userId}", NobodysId, StringComparison.Ordinal)
            .Replace("{id}", $"{Guid.NewGuid():N}", StringComparison.Ordinal)
            .Replace("{address}", "192.0.2.250", StringComparison.Ordinal);
        return SessionClient.WithBearer(SessionClient.Request(operation.Verb, route), login?.AccessToken);
    }

    // An answer to HEAD has no body that could say why.
    private static TheoryData<string> NamesOf(Func<ApiOperation, bool> chosen) =>
        [.. ApiDocument.Routes.Where(chosen).Select(each => each.ToString())];
}
