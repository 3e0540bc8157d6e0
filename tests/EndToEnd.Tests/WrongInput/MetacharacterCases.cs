namespace EndToEnd.Tests.WrongInput;

internal static class MetacharacterCases
{
    private static readonly string[] Headers = ["X-Forwarded-For", "User-Agent", "Accept", "Cookie", "traceparent", "If-Match", "Origin"];

    public static IEnumerable<Case> All => Metacharacters.All.SelectMany((text, i) =>
    {
        var json = JsonSerializer.Serialize(text);
        var attempt = JsonSerializer.Serialize(text.PadRight(8, '\''));
        var escaped = Uri.EscapeDataString(text);
        return new Case[]
        {
            new($"email {i}", 400, "invalid_request", _ =>
                Case.Post("sessions/login", $$"""{"email":{{json}},"password":"x"}""")),
            new($"refresh token {i}", 401, "token_invalid", _ =>
                Case.Post("sessions/refresh", $$"""{"refreshToken":{{json}},"attempt":"12345678"}""")),
            new($"attempt {i}", 401, "token_invalid", _ =>
                Case.Post("sessions/refresh", $$"""{"refreshToken":"x","attempt":{{attempt}}}""")),
            new($"state {i}", 400, "ceremony_invalid", _ =>
                Case.Post("sessions/passkey", $$"""{"state":{{json}},"credential":{} }""")),
            new($"logout {i}", 401, "token_invalid", _ => Case.Post("sessions/logout", $$"""{"refreshToken":{{json}}}""")),
            new($"name of a field {i}", 400, "invalid_request", _ => Case.Post("sessions/refresh", $$"""{{{json}}:1}""")),
            new($"access token {i}", 401, "token_invalid", _ => Case.StatusWith($"Bearer {Printable(text)}")),
            new($"scheme {i}", 401, "token_invalid", _ => Case.StatusWith(Printable(text))),
            new($"address {i}", 404, "not_found", _ => SessionClient.Get($"sessions/{escaped}")),
            new($"query {i}", 401, "token_invalid", _ =>
                SessionClient.Get($"sessions/status?{escaped}={escaped}&$filter={escaped}")),
            new($"headers {i}", 401, "token_invalid", _ =>
                Headers.Aggregate(Case.StatusWith("Bearer x"), (request, name) => request.With(name, Printable(text)))),
        };
    });

    // A client would refuse to send line breaks in a header.
    private static string Printable(string text) => new([.. text.Where(character => !char.IsControl(character))]);
}
