namespace Serverless.Sessions.Tests.Tokens;

public sealed class RefreshTokenCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);
    private static readonly KeyRing Ring = KeyRing.Create(Now);

    [Fact]
    public void A_token_reads_back_as_it_was_written() => Any.Holds(Any.RefreshToken, token =>
    {
        Assert.Equal(TokenCheck.Valid, RefreshTokenCodec.Read(RefreshTokenCodec.Write(token, Ring, Now), Ring, out var read));
        Assert.Equal(token, read);
    });

    [Fact]
    public void A_token_of_an_earlier_release_lacks_what_came_later()
    {
        var token = Any.One(Any.RefreshToken) with
        {
            Country = "DE",
            LocatedAt = Now.AddHours(-1),
            CreatedAt = Now.AddDays(-1),
            ExpiryReason = EndReason.Inactive,
        };
        Assert.Equal(token, Read(missing: 0));
        var withoutTime = token with { LocatedAt = token.IssuedAt };
        Assert.Equal(withoutTime, Read(missing: 8));
        var withoutReason = withoutTime with { ExpiryReason = EndReason.ExpiredIdle };
        Assert.Equal(withoutReason, Read(missing: 9));
        var withoutLogin = withoutReason with { CreatedAt = null };
        Assert.Equal(withoutLogin, Read(missing: 17));
        var withoutCountry = withoutLogin with { Country = null };
        Assert.Equal(withoutCountry, Read(missing: 19));
        var authentication = token.Claims.Authentication with { Methods = AuthenticationMethods.Password };
        Assert.Equal(withoutCountry with { Claims = token.Claims with { Authentication = authentication } }, Read(missing: 20));

        RefreshToken? Read(int missing)
        {
            var bytes = Base64Url.DecodeFromChars(RefreshTokenCodec.Write(token, Ring, Now));
            bytes = [.. bytes[..^(MacKey.CodeLength + missing)], .. bytes[^MacKey.CodeLength..]];
            Ring.MacAt(Now).Authenticate(bytes.AsSpan()[..^MacKey.CodeLength], bytes.AsSpan()[^MacKey.CodeLength..]);
            Assert.Equal(TokenCheck.Valid, RefreshTokenCodec.Read(Base64Url.EncodeToString(bytes), Ring, out var read));
            return read;
        }
    }

    [Fact]
    public void The_same_token_is_written_the_same_twice() => Any.Holds(Any.RefreshToken, token =>
        Assert.Equal(RefreshTokenCodec.Write(token, Ring, Now), RefreshTokenCodec.Write(token, Ring, Now)));

    [Fact]
    public void A_token_with_any_character_changed_is_refused() =>
        Assert.All(Any.ChangesOf(AnyText(), "AZaz09-_+/=. \0é"), AssertRefused);

    [Fact]
    public void A_token_with_any_bit_changed_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(AnyText());
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            AssertRefused(Base64Url.EncodeToString(bytes));
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void A_token_cut_or_lengthened_anywhere_is_refused() =>
        Assert.All(Any.CutsOf(AnyText(), "A", "=", new string('A', RefreshTokenCodec.MaximumLength)), AssertRefused);

    [Fact]
    public void Noise_is_refused() => Any.Holds(Gen.Choose(0, 255).ListOf(), noise =>
        AssertRefused(Base64Url.EncodeToString([.. noise.Select(value => (byte)value)])));

    [Fact]
    public void A_token_of_another_ring_names_an_unknown_key()
    {
        var text = RefreshTokenCodec.Write(Any.One(Any.RefreshToken), KeyRing.Create(Now), Now);
        Assert.Equal(TokenCheck.UnknownKey, RefreshTokenCodec.Read(text, Ring, out var token));
        Assert.Null(token);
    }

    [Fact]
    public void A_token_of_a_former_key_is_still_good()
    {
        var token = Any.One(Any.RefreshToken);
        var newer = new KeyRing(Ring.SigningKeys, [MacKey.Create(Now.AddDays(1)), .. Ring.MacKeys], Ring.AuditKeys, 1);
        Assert.Equal(TokenCheck.Valid, RefreshTokenCodec.Read(RefreshTokenCodec.Write(token, Ring, Now), newer, out _));
        Assert.Equal(TokenCheck.UnknownKey, RefreshTokenCodec.Read(RefreshTokenCodec.Write(token, newer, Now.AddDays(1)), Ring, out _));
    }

    [Fact]
    public void A_token_does_not_show_itself_in_a_log()
    {
        var token = Any.One(Any.RefreshToken);
        Assert.Equal($"[refresh token {token.Generation} of session {token.SessionId}]", token.ToString());
    }

    private static string AnyText() => RefreshTokenCodec.Write(Any.One(Any.RefreshToken), Ring, Now);

    private static void AssertRefused(string text)
    {
        Assert.NotEqual(TokenCheck.Valid, RefreshTokenCodec.Read(text, Ring, out var token));
        Assert.Null(token);
    }
}
