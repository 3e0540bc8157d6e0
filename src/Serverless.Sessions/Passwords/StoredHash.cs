namespace Serverless.Sessions.Passwords;

/// <summary>A stored hash of one of the kinds that <see cref="Read"/> lists: Argon2id and PBKDF2 are written, too, the others come
/// from imports.</summary>
internal abstract class StoredHash
{
    // Firebase's is the longest, with its signer key.
    private const int MaximumLength = 512;

    protected const int LeastSalt = 1, MostSalt = 64, LeastKey = 16, MostKey = 64;

    /// <summary>Names what <see cref="Work"/> is counted in: hashes of one kind take time in proportion to it.</summary>
    public abstract string Kind { get; }
    public abstract long Work { get; }

    /// <inheritdoc cref="PasswordHash.WhyNotImported"/>
    public virtual string? WhyNotImported => null;

    public abstract bool Matches(Password password);

    /// <summary>Does the work of hashes of this kind, in vain.</summary>
    public abstract void Spend(Password password, long work);

    /// <summary>Returns null for an unknown kind, and for a hash that takes more memory or time than a login may.</summary>
    public static StoredHash? Read(string text) => text.Length > MaximumLength ? null : text.Split('$') switch
    {
        ["", "argon2id", "v=19", var parameters, var salt, var key] => Argon2idHash.Read(parameters, salt, key),
        [var identity] => Pbkdf2Hash.ReadIdentity(identity),
        ["pbkdf2_sha256", var iterations, var salt, var key] => Pbkdf2Hash.ReadDjango(iterations, salt, key),
        ["", "2a" or "2b" or "2y", var cost, var saltAndKey] => BcryptHash.Read(text, cost, saltAndKey),
        ["", "scrypt", var parameters, var salt, var key] => ScryptHash.Read(parameters, salt, key),
        ["", "fbscrypt", var parameters, var salt, var key] => ScryptHash.ReadFirebase(parameters, salt, key),
        _ => null,
    };

    /// <summary>The powers of two that add up to <paramref name="work"/>, greatest first, as exponents.</summary>
    protected static IEnumerable<int> PowersOf(long work)
    {
        for (; work > 0; work -= 1L << (int)long.Log2(work))
            yield return (int)long.Log2(work);
    }
}
