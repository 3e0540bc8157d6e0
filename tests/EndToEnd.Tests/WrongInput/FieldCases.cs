namespace EndToEnd.Tests.WrongInput;

internal static class FieldCases
{
    private static readonly string[] NoTexts = ["1", "-1.5", "true", "[]", "[\"a@example.com\"]", "{}", "{\"a\":\"b\"}"];
    private static readonly string[] NoBooleans = ["1", "0", "\"true\"", "\"\"", "[]", "{}"];

    private static readonly string[] NoEmails =
    [
        " ", "a", "@", "a@", "@b", "a@b@c", "a b@example.com", "a@exam ple.com", "a\\tb@example.com", "a\\u0000@example.com",
        "a\\r\\nBcc: b@example.com", "a\\u2028@example.com", "a\\u00a0b@example.com", $"{new string('a', 250)}@b.de",
        new string('@', 255), "a\\u200bb@example.com", "\\ufeffa@example.com", "a\\u202eb@example.com", "a\\udb40\\udc41b@example.com",
        "a\\u3000b@example.com", "a<b@example.com", "a,b@example.com", "a;b@example.com", "\\\"a\\\"@example.com", "a(b)@example.com",
        "a:b@example.com", "a@[192.0.2.1]", "a\\\\b@example.com",
    ];

    public static IEnumerable<Case> All =>
    [
        .. Login(), .. Refresh("sessions/refresh"), .. Refresh("auth/refresh"),
        .. Required("sessions/logout", "refreshToken", value => $$"""{"refreshToken":{{value}}}"""),
        .. NoTexts.Append($"\"{new string('c', 8193)}\"").Select(value => Wrong("accounts", "captchaToken", value,
            $$"""{"email":"a@example.com","password":"correct horse battery staple","captchaToken":{{value}}}""")),
    ];

    private static IEnumerable<Case> Login()
    {
        const string route = "sessions/login";
        foreach (var wrong in Required(route, "email", value => $$"""{"email":{{value}},"password":"x"}"""))
            yield return wrong;
        foreach (var email in NoEmails)
            yield return Wrong(route, "email", $"\"{email}\"", $$"""{"email":"{{email}}","password":"x"}""");
        foreach (var wrong in Required(route, "password", value => $$"""{"email":"a@example.com","password":{{value}}}"""))
            yield return wrong;
        yield return Wrong(
            route, "password", "129 characters", $$"""{"email":"a@example.com","password":"{{new string('p', 129)}}"}""");
        foreach (var value in NoBooleans)
            yield return Wrong(route, "remember", value, $$"""{"email":"a@example.com","password":"x","remember":{{value}}}""");
        foreach (var value in NoTexts.Append($"\"{new string('c', 8193)}\""))
            yield return Wrong(route, "captchaToken", value, $$"""{"email":"a@example.com","password":"x","captchaToken":{{value}}}""");
        foreach (var value in NoBooleans)
            yield return Wrong(route, "cookie", value, $$"""{"email":"a@example.com","password":"x","cookie":{{value}}}""");
        foreach (var value in NoTexts.Append($"\"{new string('d', 101)}\"").Append("\"a\\u0007b\"").Append("\"a\\nb\""))
            yield return Wrong(route, "device", value, $$"""{"email":"a@example.com","password":"x","device":{{value}}}""");
    }

    private static IEnumerable<Case> Refresh(string route)
    {
        foreach (var wrong in Required(route, "refreshToken", value => $$"""{"refreshToken":{{value}}}"""))
            yield return wrong;
        foreach (var value in NoTexts.Append("\"\"").Append("\"1234567\"").Append($"\"{new string('a', 129)}\""))
            yield return Wrong(route, "attempt", value, $$"""{"refreshToken":"x","attempt":{{value}}}""");
    }

    private static IEnumerable<Case> Required(string route, string field, Func<string, string> json) =>
        NoTexts.Append("null").Append("\"\"").Select(value => Wrong(route, field, value, json(value)))
            .Append(Wrong(route, field, "missing", json("1").Replace($"\"{field}\":1", "\"other\":1", StringComparison.Ordinal)));

    private static Case Wrong(string route, string field, string what, string json) =>
        new($"{route}: {field} is {Case.Short(what)}", 400, "invalid_request", _ => Case.Post(route, json)) { Field = field };
}
