namespace EndToEnd.Tests.WrongInput;

internal static class FieldCases
{
    private static readonly string[] NoTexts = ["1", "-1.5", "true", "[]", "[\"a@example.com\"]", "{}", "{\"a\":\"b\"}"];
    private static readonly string[] NoBooleans = ["1", "0", "\"true\"", "\"\"", "[]", "{}"];

    private static readonly string[] NoObjects = ["1", "true", "\"x\"", "\"\"", "[]", "null"];

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
        .. Login(), .. Passkey(), .. PasskeyAccount(), .. Refresh("sessions/refresh"), .. Refresh("auth/refresh"),
        .. Required("sessions/logout", "refreshToken", value => $$"""{"refreshToken":{{value}}}"""),
        .. NoTexts.Append($"\"{new string('c', 8193)}\"").Select(value => Wrong("accounts", "captchaToken", value,
            $$"""{"email":"a@example.com","password":"correct horse battery staple","captchaToken":{{value}}}""")),
    ];

    private static IEnumerable<Case> Login() =>
    [
        .. Required("sessions/login", "email", value => $$"""{"email":{{value}},"password":"x"}"""),
        .. NoEmails.Select(email => Wrong(
            "sessions/login", "email", $"\"{email}\"", $$"""{"email":"{{email}}","password":"x"}""")),
        .. Required("sessions/login", "password", value => $$"""{"email":"a@example.com","password":{{value}}}"""),
        Wrong("sessions/login", "password", "129 characters",
            $$"""{"email":"a@example.com","password":"{{new string('p', 129)}}"}"""),
        .. OptionalAtLogin("remember", NoBooleans),
        .. OptionalAtLogin("captchaToken", [.. NoTexts, $"\"{new string('c', 8193)}\""]),
        .. OptionalAtLogin("cookie", NoBooleans),
        .. OptionalAtLogin("device", [.. NoTexts, $"\"{new string('d', 101)}\"", "\"a\\u0007b\"", "\"a\\nb\""]),
    ];

    private static IEnumerable<Case> OptionalAtLogin(string field, string[] values) => values.Select(value => Wrong(
        "sessions/login", field, value, $$"""{"email":"a@example.com","password":"x","{{field}}":{{value}}}"""));

    private static IEnumerable<Case> Passkey() =>
    [
        .. Required("sessions/passkey", "state", value => $$"""{"state":{{value}},"credential":{} }"""),
        .. NoObjects.Select(value => Wrong("sessions/passkey", "credential", value, $$"""{"state":"x","credential":{{value}}}""")),
        Wrong("sessions/passkey", "credential", "missing", """{"state":"x"}"""),
        .. OptionalWithPasskey("remember", NoBooleans), .. OptionalWithPasskey("restore", NoBooleans),
        .. OptionalWithPasskey("cookie", NoBooleans),
        .. OptionalWithPasskey("captchaToken", [.. NoTexts, $"\"{new string('c', 8193)}\""]),
        .. OptionalWithPasskey("device", [.. NoTexts, $"\"{new string('d', 101)}\"", "\"a\\u0007b\"", "\"a\\nb\""]),
    ];

    private static IEnumerable<Case> OptionalWithPasskey(string field, string[] values) => values.Select(value => Wrong(
        "sessions/passkey", field, value, $$"""{"state":"x","credential":{},"{{field}}":{{value}}}"""));

    private static IEnumerable<Case> PasskeyAccount() =>
    [
        .. Required("accounts/passkey/options", "email", value => $$"""{"email":{{value}}}"""),
        .. Required("accounts/passkey", "state", value => $$"""{"state":{{value}},"credential":{} }"""),
        .. NoObjects.Select(value => Wrong("accounts/passkey", "credential", value, $$"""{"state":"x","credential":{{value}}}""")),
        .. OptionalWithAccount("email", "1", "\"a\""), .. OptionalWithAccount("name", "1", $"\"{new string('n', 65)}\"", "\"a\\u0007b\""),
        .. OptionalWithAccount("device", "1", $"\"{new string('d', 101)}\""),
        .. OptionalWithAccount("captchaToken", "1", $"\"{new string('c', 8193)}\""),
    ];

    private static IEnumerable<Case> OptionalWithAccount(string field, params string[] values) => values.Select(value => Wrong(
        "accounts/passkey", field, value, $$"""{"state":"x","credential":{},"{{field}}":{{value}}}"""));

    private static IEnumerable<Case> Refresh(string route) =>
    [
        .. Required(route, "refreshToken", value => $$"""{"refreshToken":{{value}}}"""),
        .. NoTexts.Concat(["\"\"", "\"1234567\"", $"\"{new string('a', 129)}\""]).Select(value =>
            Wrong(route, "attempt", value, $$"""{"refreshToken":"x","attempt":{{value}}}""")),
        .. new[] { "-1", "31536001", "1.5", "1e99", "\"1\"", "true", "[]", "{}" }.Select(value =>
            Wrong(route, "idleFor", value, $$"""{"refreshToken":"x","idleFor":{{value}}}""")),
    ];

    private static IEnumerable<Case> Required(string route, string field, Func<string, string> json) =>
        NoTexts.Append("null").Append("\"\"").Select(value => Wrong(route, field, value, json(value)))
            .Append(Wrong(route, field, "missing", json("1").Replace($"\"{field}\":1", "\"other\":1", StringComparison.Ordinal)));

    private static Case Wrong(string route, string field, string what, string json) =>
        new($"{route}: {field} is {Case.Short(what)}", 400, "invalid_request", _ => Case.Post(route, json)) { Field = field };
}
