namespace EndToEnd.Tests.WrongInput;

internal static class JsonCases
{
    private static readonly string[] Routes = ["sessions/login", "sessions/refresh", "auth/refresh", "sessions/logout", "sessions/passkey"];

    // FIELD is the route's first field.
    private static readonly (string Name, string Json)[] Texts =
    [
        ("an empty object", "{}"), ("null", "null"), ("an array", "[]"),
        ("the object in an array", """[{"FIELD":"a@example.com","password":"x"}]"""),
        ("a string", "\"text\""), ("an empty string", "\"\""), ("a number", "42"), ("true", "true"),
        ("a number beyond all", "1e999999"), ("NaN", "NaN"), ("only blanks", "   \r\n\t "),
        ("half an object", """{"FIELD":"a@example.com","password":"x" """),
        ("half a string", """{"FIELD":"a@exam"""),
        ("half a name", """{"FIE"""),
        ("half an escape", """{"FIELD":"\u00"""),
        ("only a brace", "{"),
        ("a closing brace", "}"),
        ("a comma too many", """{"FIELD":"a@example.com","password":"x",}"""),
        ("a comma too few", """{"FIELD":"a@example.com" "password":"x"}"""),
        ("single quotes", """{'FIELD':'a@example.com','password':'x'}"""),
        ("no quotes", """{FIELD:"a@example.com",password:"x"}"""),
        ("a comment", """/* hello */{"FIELD":"a@example.com","password":"x"}"""),
        ("a comment behind it", """{"FIELD":"a@example.com","password":"x"}// hello"""),
        ("two objects", """{"FIELD":"a@example.com","password":"x"}{"FIELD":"a@example.com","password":"x"}"""),
        ("trailing garbage", """{"FIELD":"a@example.com","password":"x"}garbage"""),
        ("a trailing zero byte", "{\"FIELD\":\"a@example.com\",\"password\":\"x\"}\0"),
        ("a raw line break in a string", "{\"FIELD\":\"a@example.com\n\",\"password\":\"x\"}"),
        ("an unknown escape", """{"FIELD":"a@example.com\x","password":"x"}"""),
        ("a lone high surrogate", """{"FIELD":"a\ud800@example.com","password":"x"}"""),
        ("a lone low surrogate", """{"FIELD":"a\udc00@example.com","password":"x"}"""),
        ("surrogates in the wrong order", """{"FIELD":"a\udc00\ud800@example.com","password":"x"}"""),
        ("a lone surrogate in a name", """{"\ud800":1,"FIELD":"a@example.com","password":"x"}"""),
        ("arrays a thousand deep",
            $$"""{"x":{{new string('[', 1000)}}{{new string(']', 1000)}},"FIELD":"a@example.com","password":"x"}"""),
        ("objects a hundred deep", Deep(100)),
        ("an unending nest", new string('[', 16_000)),
        ("an unending nest of objects", string.Concat(Enumerable.Repeat("""{"a":""", 2_500))),
    ];

    private static readonly (string Name, Func<string, byte[]> Bytes)[] Binaries =
    [
        ("a byte order mark", json => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(json)]),
        ("UTF-16", Encoding.Unicode.GetBytes),
        ("UTF-16 with a mark", json => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(json)]),
        ("UTF-32", Encoding.UTF32.GetBytes),
        ("a broken UTF-8 sequence", json => Inject(json, 0xC3, 0x28)),
        ("an overlong UTF-8 sequence", json => Inject(json, 0xC0, 0xAF)),
        ("an encoded surrogate", json => Inject(json, 0xED, 0xA0, 0x80)),
        ("a code point beyond Unicode", json => Inject(json, 0xF4, 0x90, 0x80, 0x80)),
        ("a byte that UTF-8 never has", json => Inject(json, 0xFF)),
        ("gzip", _ => [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
        ("zero bytes", _ => new byte[64]),
    ];

    public static IEnumerable<Case> All =>
        from route in Routes
        from body in Texts.Select(text => (text.Name, Bytes: Fill(text.Json, route)))
            .Concat(Binaries.Select(binary => (binary.Name, Bytes: binary.Bytes(Good(route)))))
        select new Case($"{route}: {body.Name}", 400, "invalid_request", _ => Case.Post(route, body.Bytes));

    public static IEnumerable<Case> Repeated =>
        from route in Routes
        from json in new[]
        {
            """{"FIELD":"a@example.com","FIELD":"b@example.com","password":"x"}""",
            """{"FIELD":"a@example.com","password":"x","FIELD":"a@example.com"}""",
            """{"FIELD":null,"password":"x","FIELD":1,"x":[{"FIELD":1}],"x":2}""",
            """{"x":{"FIELD":1},"FIELD":"a@b.de","\u0065mail":"b","refres\u0068Token":"b","\u0073tate":"b","password":"x"}""",
            """{"FIELD":"a@example.com","FIELD":"b@example.com","password":""",
        }
        select new Case($"{route}: twice in {json}", 400, "invalid_request", _ => Case.Post(route, Fill(json, route)))
        { Field = FieldOf(route), Detail = "is repeated" };

    private static string FieldOf(string route) => route switch
    {
        "sessions/login" => "email",
        "sessions/passkey" => "state",
        _ => "refreshToken",
    };

    private static byte[] Fill(string json, string route) =>
        Encoding.UTF8.GetBytes(json.Replace("FIELD", FieldOf(route), StringComparison.Ordinal));

    private static string Good(string route) => $$"""{"{{FieldOf(route)}}":"a@example.com","password":"x"}""";

    private static byte[] Inject(string json, params byte[] bytes)
    {
        var at = json.IndexOf('@', StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(json[..at]), .. bytes, .. Encoding.UTF8.GetBytes(json[at..])];
    }

    private static string Deep(int levels)
    {
        var (begin, end) = (string.Concat(Enumerable.Repeat("""{"a":""", levels)), new string('}', levels));
        return $$"""{"x":{{begin}}1{{end}},"FIELD":"a@example.com","password":"x"}""";
    }
}
