namespace Serverless.Sessions.Tests.Passkeys;

public sealed class CeremonyStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly KeyRing Ring = KeyRing.Create(Now);

    [Theory]
    [InlineData("Login", true)]
    [InlineData("Recovery", false)]
    public void A_purpose_that_only_a_newer_release_knows_is_refused(string purpose, bool isKnown)
    {
        var written = CeremonyStateCodec.Write(new(CeremonyPurpose.Login, "abc", null, null, null, Now), Ring, Now);
        var content = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(written)[MacKey.CodeLength..]).Replace("Login", purpose, StringComparison.Ordinal);
        var bytes = new byte[MacKey.CodeLength + content.Length];
        Encoding.UTF8.GetBytes(content, bytes.AsSpan(MacKey.CodeLength));
        Ring.MacAt(Now).Authenticate(bytes.AsSpan(MacKey.CodeLength), bytes.AsSpan(0, MacKey.CodeLength));

        Assert.Equal(isKnown, CeremonyStateCodec.Read(Base64Url.EncodeToString(bytes), Ring, out var isKeyUnknown) is not null);
        Assert.False(isKeyUnknown);
    }
}
