namespace EndToEnd.Tests.WrongInput;

internal static class RefreshTokenCases
{
    private static readonly string[] Routes = ["sessions/refresh", "auth/refresh", "sessions/logout"];

    private static readonly (string Name, Func<GoodSessions, string> Token)[] Tokens =
    [
        ("garbage", _ => "garbage"), ("one character", _ => "A"), ("a blank", _ => " "),
        ("zeros of the right length", sessions => new string('A', sessions.Mine.RefreshToken.Length)),
        ("4,097 characters", _ => new string('A', 4_097)),
        ("16,000 characters", _ => new string('A', 16_000)),
        ("text that is no ASCII", _ => "ä€😀"),
        ("a zero character", sessions => sessions.Mine.RefreshToken + "\0"),
        ("an access token", sessions => sessions.Mine.AccessToken),
        ("a session's id", sessions => sessions.Mine.SessionId),
        ("half a token", sessions => sessions.Mine.RefreshToken[..(sessions.Mine.RefreshToken.Length / 2)]),
        ("a token less its last character", sessions => sessions.Mine.RefreshToken[..^1]),
        ("a token less its first character", sessions => sessions.Mine.RefreshToken[1..]),
        ("a token and one character", sessions => sessions.Mine.RefreshToken + "A"),
        ("a token with padding", sessions => sessions.Mine.RefreshToken + "="),
        ("a token with a blank before it", sessions => " " + sessions.Mine.RefreshToken),
        ("a token with a line break in it", sessions => sessions.Mine.RefreshToken.Insert(20, "\n")),
        ("a token twice", sessions => sessions.Mine.RefreshToken + sessions.Mine.RefreshToken),
        ("a token in upper case", sessions => sessions.Mine.RefreshToken.ToUpperInvariant()),
        ("another token's last half", sessions => Splice(sessions.Mine.RefreshToken, sessions.Other.RefreshToken)),
        ("a token with the alphabet of plain base64", sessions => Plain(sessions.Mine.RefreshToken)),
        // Whatever stands there: the version, the key's id, the user, the session, the generation, the times, the code itself.
        .. Enumerable.Range(0, 40).Select(i => ($"a changed bit at {i}/40", Flipped(i))),
    ];

    public static IEnumerable<Case> All =>
        from route in Routes
        from token in Tokens
        select new Case($"{route}: {token.Name}", 401, "token_invalid", sessions =>
            Case.Post(route, $$"""{"refreshToken":{{JsonSerializer.Serialize(token.Token(sessions))}}}"""));

    private static Func<GoodSessions, string> Flipped(int fortieth) => sessions =>
    {
        var bytes = Base64Url.DecodeFromChars(sessions.Mine.RefreshToken);
        bytes[bytes.Length * fortieth / 40] ^= 1;
        return Base64Url.EncodeToString(bytes);
    };

    // Only differs from the token itself where that has one of the two characters; otherwise one more is wrong.
    private static string Plain(string token)
    {
        var plain = token.Replace('-', '+').Replace('_', '/');
        return plain == token ? token + "+" : plain;
    }

    private static string Splice(string first, string second) => first[..(first.Length / 2)] + second[(first.Length / 2)..];
}
