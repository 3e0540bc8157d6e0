namespace EndToEnd.Tests.WrongInput;

internal static class RouteCases
{
    private static readonly string[] NoRoutes =
    [
        "", "x", "sessions", "sessions/", "sessions/login/x", "sessions/status/x", "session/status", "sessions//status", "auth",
        "auth/login",
        "sessions%2Fstatus", "sessions/status%20", "sessions/status.json", "sessions/status;x=1",
        "..%2f..%2fetc%2fpasswd", "sessions/'%20or%20'1'%20eq%20'1", "sessions/status')", "sessions/%24filter",
        "Sessions(PartitionKey='a',RowKey='b')",
        "sessions/%22%3E%3Cscript%3E", "%F0%9F%98%80", "%C3%28", "%", "%zz", "sessions/{id}", "%7B*path%7D",
        "admin/functions", "api/sessions/status",
    ];

    private static readonly (string Route, string Allow)[] Routes =
    [
        ("sessions/login", "POST"), ("sessions/refresh", "POST"), ("auth/refresh", "POST"), ("sessions/logout", "POST"),
        ("accounts/passkey", "POST"), ("accounts/passkey/options", "POST"), ("sessions/passkey", "POST"), ("sessions/passkey/options", "POST"),
        ("sessions/status", "GET,HEAD"), ("sessions/revocations", "GET,HEAD"), (".well-known/jwks.json", "GET,HEAD"),
        (".well-known/openid-configuration", "GET,HEAD"), ("openapi.json", "GET,HEAD"),
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "PROPFIND", "X"];

    public static IEnumerable<Case> All =>
    [
        .. from route in NoRoutes
           from method in new[] { HttpMethod.Get, HttpMethod.Post }
           select new Case($"{method} {(route.Length == 0 ? "nothing" : route)}", 404, "not_found", _ =>
               SessionClient.Request(method, route)),
        new("GET a very long address", 404, "not_found", _ => SessionClient.Get(new string('a', 4000))),
        new("GET a very deep address", 404, "not_found", _ => SessionClient.Get(string.Concat(Enumerable.Repeat("a/", 1000)))),
        .. from route in Routes
           from method in Methods
           where !route.Allow.Split(',').Contains(method)
           select Refused($"{method} {route.Route}", route.Allow, () => SessionClient.Request(new(method), route.Route)),
        Refused("DELETE SESSIONS/STATUS/", "GET,HEAD", () => SessionClient.Request(HttpMethod.Delete, "SESSIONS/STATUS/")),
        Refused("PUT status with a body that is too large", "GET,HEAD", () =>
            SessionClient.Request(HttpMethod.Put, "sessions/status", new string(' ', 20_000))),
    ];

    private static Case Refused(string name, string allow, Func<HttpRequestMessage> build) =>
        new(name, 405, "method_not_allowed", _ => build()) { Allow = allow };
}
