using Org.BouncyCastle.Crypto.Generators;

namespace Serverless.Sessions.Passwords;

/// <summary>bcrypt, with the prefixes <c>$2a$</c>, <c>$2b$</c> and <c>$2y$</c>. Like every bcrypt, it ignores what follows the first 72
/// bytes of a password; the renewed hash doesn't.</summary>
internal sealed class BcryptHash : StoredHash
{
    // A second of computing; 10 and 12 are common.
    private const int LeastCost = 4, MostCost = 14;
    private const int SaltLength = 22, SaltAndKeyLength = 53;
    private static readonly SearchValues<char> Digits =
        SearchValues.Create("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    // Of the last digit of a salt, whose lower four bits are behind its 16 bytes.
    private static readonly SearchValues<char> LastDigits = SearchValues.Create(".Oeu");

    private readonly string _text;
    private readonly int _cost;

    private BcryptHash(string text, int cost) => (_text, _cost) = (text, cost);

    public override string Kind => "bcrypt";
    public override long Work => 1L << _cost;
    public override string? WhyNotImported => LastDigits.Contains(_text[^(SaltAndKeyLength - SaltLength + 1)])
        ? null : "has a salt that ends in none of . O e u, so no password matches.";

    public static BcryptHash? Read(string text, string cost, string saltAndKey) =>
        cost.Length == 2 && int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var log)
        && log is >= LeastCost and <= MostCost
        && saltAndKey.Length == SaltAndKeyLength && !saltAndKey.AsSpan().ContainsAnyExcept(Digits)
            ? new(text, log) : null;

    public override bool Matches(Password password) => OpenBsdBCrypt.CheckPassword(_text, password.Text.ToCharArray());

    public override void Spend(Password password, long work)
    {
        foreach (var cost in PowersOf(work))
            OpenBsdBCrypt.Generate(['x'], new byte[16], cost);
    }
}
