namespace EndToEnd.Tests.WrongInput;

internal static class BodyCases
{
    private const int Maximum = 16 * 1024;

    private static readonly string[] Routes = ["sessions/login", "sessions/refresh", "auth/refresh", "sessions/logout", "sessions/passkey"];

    private static readonly string?[] NoJson =
    [
        null, "text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/octet-stream", "application/xml", "text/json", "application/problem+json", "application/json-seq", "*/*",
        "json", "application/json; charset=utf-16", "application/json; charset=iso-8859-1",
        "application/json; charset=\"\"", "application/json; CHARSET=UTF-16", "application/json; charset=\"utf-16\"", "application/json; x=y; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16", "application/json; charset = latin1", "application/json; charset=utf-32;", "application/json; charset=utf-16be",
        "application/json; charset=\"utf-16\\\"\"", "application/json charset=utf-8", "application/json; charset=\"utf-8",
        $"application/json; x={new string('y', 1_000)}", "application/json, text/plain", "application/json; x=1, text/plain", "application/", "/", ";", "' or 1 eq 1",
    ];

    private static readonly string[] Json =
    [
        "APPLICATION/JSON", "application/json;charset=UTF-8", "application/json; charset=\"utf-8\"",
        "application/json; odata=verbose", "application/json; charset=utf8", "application/json; charset=UTF8", "application/json;", "application/json ; ; ",
        "Application/Json; Charset=Utf-8", "application/json; charset = utf-8", "application/json;charset=\"UTF-8\";", "application/json; charset='utf-8'",
        "application/json; utf-8", "application/json; x", "application/json; x=\"a; charset=utf-16, b\"; charset=utf-8", "application/json; boundary=",
        "application/json, application/json", "application/json; charset=utf-8,application/json; charset=utf-8", "\tapplication/json\t",
    ];

    public static IEnumerable<Case> All =>
    [
        .. from route in Routes
           from type in NoJson
           select new Case($"{route}: {type ?? "no type"}", 415, "unsupported_media_type", _ => Case.Post(route, "{}", type)),
        .. from route in Routes
           from type in Json
           select new Case($"{route}: nothing in {type}", 400, "invalid_request", _ => Case.Post(route, "{}", type)),
        .. from route in Routes
           from size in new[] { Maximum + 1, 64 * 1024, 64 * 1024 + 1, 1024 * 1024 }
           from type in new[] { "application/json", "text/plain" }
           select new Case($"{route}: {size} bytes of {type}", 413, "payload_too_large", _ =>
               Case.Post(route, "{}".PadRight(size), type)),
        .. Routes.Select(route => new Case(
            $"{route}: as many blanks as fit", 400, "invalid_request", _ => Case.Post(route, "{}".PadRight(Maximum)))),
        .. Routes.Except(["sessions/logout"]).SelectMany(route => new[]
        {
            new Case($"{route}: an empty body", 400, "invalid_request", _ => Case.Post(route, "")),
            new Case($"{route}: no body", 400, "invalid_request", _ => SessionClient.Post(route)),
        }),
        .. Routes.Select(route => new Case($"{route}: a body of unknown length", 400, "invalid_request", _ => Chunked(route))),
        new("sessions/logout: no body", 401, "token_invalid", _ => SessionClient.Post("sessions/logout")),
        new("sessions/logout: an empty body", 401, "token_invalid", _ => Case.Post("sessions/logout", "")),
        new("sessions/logout: a wrong access token beside a right refresh token", 401, "token_invalid", sessions =>
            SessionClient.WithBearer(
                Case.Post("sessions/logout", $$"""{"refreshToken":"{{sessions.Mine.RefreshToken}}"}"""), "x")),
    ];

    private static HttpRequestMessage Chunked(string route)
    {
        var request = Case.Post(route, "[]");
        request.Headers.TransferEncodingChunked = true;
        return request;
    }
}
