using System.Security.Cryptography;

namespace Serverless.Sessions.Tests.Tokens;

public sealed class AccessTokenCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly KeyRing Ring = KeyRing.Create(Now);
    private static readonly TokenOptions Options = new();

    private static readonly AccessToken Token = new(
        UserId.New(Now), SessionId.New(), Number: 3, Roles: ["admin", "größe"],
        new(Now.AddDays(-1), AuthenticationMethods.HardwareKey | AuthenticationMethods.MultiFactor), IssuedAt: Now, ExpiresAt: Now.AddMinutes(30));

    private static string Text => AccessTokenCodec.Write(Token, Ring, Options, Now);

    [Fact]
    public void A_token_reads_back_as_it_was_written()
    {
        Assert.Equal(TokenCheck.Valid, AccessTokenCodec.Read(Text, Ring, Options, Now, out var read));
        Assert.Equal(Token.Roles, read!.Roles);
        Assert.Equal(Token, read with { Roles = Token.Roles });
    }

    [Fact]
    public void A_token_is_good_until_its_expiry_and_not_at_it()
    {
        Assert.Equal(TokenCheck.Valid, Read(Text, Token.ExpiresAt.AddMilliseconds(-1)));
        Assert.Equal(TokenCheck.Expired, Read(Text, Token.ExpiresAt));
    }

    [Fact]
    public void Two_tokens_of_the_same_content_differ() => Assert.NotEqual(Text, Text);

    [Fact]
    public void Header_and_claims_are_those_of_RFC_9068()
    {
        var parts = Text.Split('.').Select(part => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part))).ToArray();
        Assert.Equal($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{Ring.SigningKeys[0].Id}}"}""", parts[0]);
        using var claims = JsonDocument.Parse(parts[1]);
        Assert.Equal(
            ["iss", "aud", "client_id", "sub", "sid", "iat", "exp", "jti", "roles", "auth_time", "amr"],
            claims.RootElement.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal("serverless-sessions-client", claims.RootElement.GetProperty("client_id").GetString());
        Assert.Equal($"{Token.SessionId}.3", claims.RootElement.GetProperty("sid").GetString());
        Assert.Equal(1773480413, claims.RootElement.GetProperty("iat").GetInt64());
        Assert.Equal(1773482213, claims.RootElement.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void A_token_that_names_another_client_or_none_is_good_since_the_setting_may_be_new()
    {
        Assert.Equal(TokenCheck.Valid, Read(AccessTokenCodec.Write(Token, Ring, new() { ClientId = "other" }, Now), Now));
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Text.Split('.')[1]));
        var without = claims.Replace("\"client_id\":\"serverless-sessions-client\",", "", StringComparison.Ordinal);
        Assert.NotEqual(claims, without);
        Assert.Equal(TokenCheck.Valid, Read(SignedByUs(
            $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{Ring.SigningKeys[0].Id}}"}""", Base64Url.EncodeToString(Encoding.UTF8.GetBytes(without))), Now));
    }

    [Fact]
    public void The_signature_is_that_of_RFC_7515_over_the_text()
    {
        var text = Text;
        var signed = text[..text.LastIndexOf('.')];
        using var ecdsa = ECDsa.Create(Ring.SigningKeys[0].ExportPublicKey());
        Assert.True(ecdsa.VerifyData(
            Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(text.AsSpan(signed.Length + 1)), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void The_example_of_RFC_7515_A_3_verifies_with_our_key_type()
    {
        // Appendix A.3.1: an ES256 signature that others made, and the key that made it.
        const string signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        const string signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
            Q = new()
            {
                X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
            },
        });
        var key = new SigningKey(KeyId.New(), Now, ecdsa.ExportPkcs8PrivateKey());
        Assert.True(key.Verify(Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(signature)));
        Assert.False(key.Verify(Encoding.ASCII.GetBytes(signed + "x"), Base64Url.DecodeFromChars(signature)));
    }

    [Fact]
    public void A_token_with_any_character_changed_is_refused() => Assert.All(Any.ChangesOf(Text, "Az0-_.=+ é"), AssertRefused);

    [Fact]
    public void A_token_cut_or_lengthened_anywhere_is_refused() =>
        Assert.All(Any.CutsOf(Text, "A", ".", new string('A', AccessTokenCodec.MaximumLength)), AssertRefused);

    [Theory]
    [InlineData("""{"alg":"none","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"ES384","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"es256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"KID"}""")]
    [InlineData("""{"typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["exp"]}""")]
    [InlineData("""{"alg":["ES256"],"typ":"at+jwt","kid":"KID"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void Only_our_own_header_is_followed_even_over_a_right_signature(string header)
    {
        header = header.Replace("KID", Ring.SigningKeys[0].Id.ToString(), StringComparison.Ordinal);
        AssertRefused(SignedByUs(header, Text.Split('.')[1]));
    }

    [Fact]
    public void A_token_of_another_key_under_our_key_id_is_refused()
    {
        var key = new SigningKey(Ring.SigningKeys[0].Id, Now, SigningKey.Create(Now).Export());
        var stranger = new KeyRing([key], Ring.MacKeys, Ring.AuditKeys, 1);
        Assert.Equal(TokenCheck.Invalid, Read(AccessTokenCodec.Write(Token, stranger, Options, Now), Now));
    }

    [Fact]
    public void A_token_that_names_an_unknown_key_asks_for_a_newer_ring() =>
        Assert.Equal(TokenCheck.UnknownKey, Read(AccessTokenCodec.Write(Token, KeyRing.Create(Now), Options, Now), Now));

    [Fact]
    public void A_token_of_another_issuer_or_for_another_audience_is_refused()
    {
        AssertRefused(AccessTokenCodec.Write(Token, Ring, new() { Issuer = "https://other.example/api" }, Now));
        AssertRefused(AccessTokenCodec.Write(Token, Ring, new() { Audience = "other" }, Now));
    }

    [Fact]
    public void The_youngest_key_whose_time_has_come_signs_and_all_verify()
    {
        var ring = new KeyRing([SigningKey.Create(Now.AddDays(1)), Ring.SigningKeys[0], SigningKey.Create(Now.AddDays(-1))], Ring.MacKeys, Ring.AuditKeys, 1);
        Assert.Same(Ring.SigningKeys[0], ring.SignerAt(Now));
        Assert.Same(ring.SigningKeys[0], ring.SignerAt(Now.AddDays(1)));
        Assert.Same(ring.SigningKeys[2], ring.SignerAt(Now.AddDays(-2)));
        foreach (var time in new[] { Now.AddDays(-1), Now, Now.AddDays(1) })
        {
            var text = AccessTokenCodec.Write(Token, ring, Options, time);
            Assert.Equal(TokenCheck.Valid, AccessTokenCodec.Read(text, ring, Options, Now, out _));
        }
    }

    private static string SignedByUs(string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{claims}";
        var signature = new byte[64];
        Ring.SigningKeys[0].Sign(Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static TokenCheck Read(string text, DateTimeOffset now) => AccessTokenCodec.Read(text, Ring, Options, now, out _);

    private static void AssertRefused(string text)
    {
        Assert.NotEqual(TokenCheck.Valid, AccessTokenCodec.Read(text, Ring, Options, Now, out var token));
        Assert.Null(token);
    }
}
