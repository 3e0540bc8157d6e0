using System.Security.Cryptography;

namespace EndToEnd.Tests.WrongInput;

internal static class AccessTokenCases
{
    private static readonly (string Name, Func<GoodSessions, string> Token)[] Tokens =
    [
        ("nothing", _ => ""), ("garbage", _ => "garbage"), ("two dots", _ => ".."), ("garbage in three parts", _ => "a.b.c"),
        ("1,000 dots", _ => new string('.', 1_000)), ("8,000 characters", _ => new string('a', 8_000)),
        ("16,000 characters in three parts", _ => $"{new string('a', 5_000)}.{new string('b', 6_000)}.{new string('c', 5_000)}"),
        ("text that is no ASCII", _ => "ä.ö.ü"),
        ("a refresh token", sessions => sessions.Mine.RefreshToken),
        ("a session's id", sessions => sessions.Mine.SessionId),
        ("half a token", sessions => sessions.Mine.AccessToken[..(sessions.Mine.AccessToken.Length / 2)]),
        ("a token less its last character", sessions => sessions.Mine.AccessToken[..^1]),
        ("a token less its first character", sessions => sessions.Mine.AccessToken[1..]),
        ("a token and one character", sessions => sessions.Mine.AccessToken + "A"),
        ("a token with padding", sessions => sessions.Mine.AccessToken + "=="),
        ("a token twice", sessions => $"{sessions.Mine.AccessToken} {sessions.Mine.AccessToken}"),
        ("a token and another part", sessions => sessions.Mine.AccessToken + ".x"),
        ("a token in quotes", sessions => $"\"{sessions.Mine.AccessToken}\""),
        ("a token in upper case", sessions => sessions.Mine.AccessToken.ToUpperInvariant()),
        ("without a signature", Of(jwt => $"{jwt.HeaderPart}.{jwt.ClaimsPart}.")),
        ("without claims", Of(jwt => $"{jwt.HeaderPart}..{jwt.SignaturePart}")),
        ("without a header", Of(jwt => $".{jwt.ClaimsPart}.{jwt.SignaturePart}")),
        ("another signature of the same key", sessions => Of(sessions) with { SignaturePart = OfOther(sessions).SignaturePart } + ""),
        ("claims of another session", sessions => Of(sessions) with { ClaimsPart = OfOther(sessions).ClaimsPart } + ""),
        ("header and claims exchanged", Of(jwt => $"{jwt.ClaimsPart}.{jwt.HeaderPart}.{jwt.SignaturePart}")),
        ("a signature of zeros", Of(jwt => jwt with { SignaturePart = new string('A', 86) } + "")),
        ("a changed first bit of the signature", Of(jwt => jwt with { SignaturePart = Changed(jwt.SignaturePart, 0) } + "")),
        ("a changed bit in the claims", Of(jwt => jwt with { ClaimsPart = Changed(jwt.ClaimsPart, 60) } + "")),
        ("another spelling of the same signature", Of(jwt => jwt with { SignaturePart = Respelled(jwt.SignaturePart) } + "")),
        ("another session in the claims", sessions => Claims(sessions, sessions.Mine.SessionId, sessions.Other.SessionId)),
        ("another user in the claims", sessions => Claims(sessions, sessions.Mine.UserId, "00" + new string('0', 26))),
        ("an administrator in the claims", sessions => Claims(sessions, "\"roles\":[]", "\"roles\":[\"admin\"]")),
        ("a later expiry in the claims", sessions => Claims(sessions, "\"exp\":1", "\"exp\":2")),
        ("alg none", Unsigned("none")),
        ("alg None", Unsigned("None")),
        ("alg none with the old signature", Of(jwt => jwt with { HeaderPart = Jwt.Encode(Header("none", Kid(jwt), "at+jwt")) } + "")),
        ("HS256 with the key's id as secret", Of(jwt => Hmac(jwt, Encoding.ASCII.GetBytes(Kid(jwt))))),
        ("HS256 with no secret", Of(jwt => Hmac(jwt, []))),
        ("another key under the same id", Of(jwt => Es256(jwt, Header("ES256", Kid(jwt), "at+jwt")))),
        ("another key under our own header", Of(jwt => Es256(jwt, jwt.Header.GetRawText()))),
        ("another key under an unknown id", Of(jwt => Es256(jwt, Header("ES256", "0123456789abcdef", "at+jwt")))),
        ("another key under an id that is none", Of(jwt => Es256(jwt, Header("ES256", "../../dev/null", "at+jwt")))),
        ("another key in the header", Of(jwt =>
            Es256(jwt, """{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"EC","crv":"P-256"}}"""))),
        ("another key by address", Of(jwt =>
            Es256(jwt, """{"alg":"ES256","typ":"at+jwt","jku":"http://127.0.0.1/jwks.json"}"""))),
        ("the type JWT", Of(jwt => jwt with { HeaderPart = Jwt.Encode(Header("ES256", Kid(jwt), "JWT")) } + "")),
        ("no type", Of(jwt => jwt with { HeaderPart = Jwt.Encode($$"""{"alg":"ES256","kid":"{{Kid(jwt)}}"}""") } + "")),
        ("no key id", Of(jwt => jwt with { HeaderPart = Jwt.Encode("""{"alg":"ES256","typ":"at+jwt"}""") } + "")),
        ("a header that is an array", Of(jwt => jwt with { HeaderPart = Jwt.Encode("[]") } + "")),
        ("a header that is no JSON", Of(jwt => jwt with { HeaderPart = Jwt.Encode("{") } + "")),
        ("a key id that is no text", Of(jwt =>
            jwt with { HeaderPart = Jwt.Encode("""{"alg":"ES256","typ":"at+jwt","kid":1}""") } + "")),
        ("a header nested deep", Of(jwt => jwt with { HeaderPart = Jwt.Encode(new string('[', 150)) } + "")),
        ("quotes", _ => "' or '1' eq '1"),
    ];

    public static IEnumerable<Case> All =>
    [
        .. Tokens.SelectMany(token => new[]
        {
            new Case($"status: {token.Name}", 401, "token_invalid", sessions => Case.StatusWith($"Bearer {token.Token(sessions)}")),
            new Case($"logout: {token.Name}", 401, "token_invalid", sessions =>
                SessionClient.WithBearer(SessionClient.Post("sessions/logout"), token.Token(sessions))),
        }),
        new("status: no token", 401, "token_invalid", _ => SessionClient.Get("sessions/status")),
        new("status: an empty header", 401, "token_invalid", _ => Case.StatusWith("")),
        new("status: only the scheme", 401, "token_invalid", _ => Case.StatusWith("Bearer")),
        new("status: the token alone", 401, "token_invalid", sessions => Case.StatusWith(sessions.Mine.AccessToken)),
        new("status: another scheme", 401, "token_invalid", sessions => Case.StatusWith($"Basic {sessions.Mine.AccessToken}")),
        new("status: a blank too few", 401, "token_invalid", sessions => Case.StatusWith($"Bearer{sessions.Mine.AccessToken}")),
        new("status: two tokens", 400, "invalid_request", sessions =>
            Case.StatusWith($"Bearer {sessions.Mine.AccessToken}, Bearer {sessions.Other.AccessToken}")),
        new("status: the token in the query", 401, "token_invalid", sessions =>
            SessionClient.Get($"sessions/status?access_token={sessions.Mine.AccessToken}")),
    ];

    private static Jwt Of(GoodSessions sessions) => Jwt.Parse(sessions.Mine.AccessToken);
    private static Jwt OfOther(GoodSessions sessions) => Jwt.Parse(sessions.Other.AccessToken);
    private static Func<GoodSessions, string> Of(Func<Jwt, string> change) => sessions => change(Of(sessions));
    private static string Kid(Jwt jwt) => jwt.Header.Text("kid");

    private static string Header(string algorithm, string kid, string type) =>
        $$"""{"alg":"{{algorithm}}","typ":"{{type}}","kid":"{{kid}}"}""";

    private static string Claims(GoodSessions sessions, string from, string to)
    {
        var jwt = Of(sessions);
        Assert.Contains(from, jwt.ClaimsJson, StringComparison.Ordinal);
        return jwt with { ClaimsPart = Jwt.Encode(jwt.ClaimsJson.Replace(from, to, StringComparison.Ordinal)) } + "";
    }

    private static Func<GoodSessions, string> Unsigned(string algorithm) =>
        Of(jwt => Jwt.Sign(Header(algorithm, Kid(jwt), "at+jwt"), jwt.ClaimsJson, _ => []));

    private static string Hmac(Jwt jwt, byte[] key) =>
        Jwt.Sign(Header("HS256", Kid(jwt), "at+jwt"), jwt.ClaimsJson, signed => HMACSHA256.HashData(key, signed));

    private static string Es256(Jwt jwt, string header)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Jwt.Sign(header, jwt.ClaimsJson, signed => key.SignData(signed, HashAlgorithmName.SHA256));
    }

    private static string Changed(string part, int at) => $"{part[..at]}{(part[at] == 'A' ? 'B' : 'A')}{part[(at + 1)..]}";

    // The last of 86 characters carries two bits of the signature and four that must be zero.
    private static string Respelled(string signature)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return signature[..^1] + alphabet[alphabet.IndexOf(signature[^1], StringComparison.Ordinal) + 1];
    }
}
