namespace Serverless.Sessions.Passwords;

/// <summary>PBKDF2 as ASP.NET Core Identity (versions 2 and 3) and Django write it. Earlier releases wrote version 3 with HMAC-SHA512, as
/// this one does without libsodium.</summary>
internal sealed class Pbkdf2Hash : StoredHash
{
    /// <summary>OWASP's fewest iterations for HMAC-SHA512 (Password Storage Cheat Sheet).</summary>
    public const int SafeIterations = 220_000;

    // Of what is stored: earlier releases imported so many of HMAC-SHA512.
    private const int MostIterations = 10_000_000;

    // Twice what Django 5.2 writes.
    private const int MostImported = 2_000_000;

    // Version 3: marker, PRF, iterations, salt length; salt; key. Big-endian.
    private const int HeaderLength = 13, SaltLength = 16, KeyLength = 32;
    private static readonly HashAlgorithmName[] Prfs = [HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];

    private readonly HashAlgorithmName _prf;
    private readonly int _iterations;
    private readonly byte[] _salt, _key;

    private Pbkdf2Hash(HashAlgorithmName prf, int iterations, byte[] salt, byte[] key) =>
        (_prf, _iterations, _salt, _key) = (prf, iterations, salt, key);

    public override string Kind => $"pbkdf2 {_prf}";
    public override long Work => _iterations;
    public override string? WhyNotImported => _iterations > MostImported ? "costs too much to check." : null;

    /// <summary>Whether it is at least as strong as what <see cref="Create"/> makes.</summary>
    public bool IsSafe => _prf == HashAlgorithmName.SHA512 && _iterations >= SafeIterations;

    public static Pbkdf2Hash Create(Password password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(HashAlgorithmName.SHA512, iterations, salt, Derive(password, salt, iterations, HashAlgorithmName.SHA512, KeyLength));
    }

    /// <inheritdoc cref="Argon2idHash.OfNobody"/>
    public static Pbkdf2Hash OfNobody(int iterations) => new(
        HashAlgorithmName.SHA512, iterations, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(KeyLength));

    public static Pbkdf2Hash? ReadIdentity(string base64)
    {
        if (Phc.FromBase64(base64, 1, HeaderLength + MostSalt + MostKey) is not { } bytes)
            return null;
        // Version 2 has 1,000 iterations of HMAC-SHA1, and no header.
        if (bytes is [0, ..])
            return bytes.Length == 49 ? Of(HashAlgorithmName.SHA1, 1_000, bytes[1..17], bytes[17..]) : null;
        if (bytes is not [1, ..] || bytes.Length <= HeaderLength)
            return null;
        var (prf, iterations, salt) = (Number(1), Number(5), Number(9));
        return prf < Prfs.Length && iterations <= MostIterations && salt <= bytes.Length - HeaderLength
            ? Of(Prfs[prf], (int)iterations, bytes[HeaderLength..(HeaderLength + (int)salt)], bytes[(HeaderLength + (int)salt)..])
            : null;

        uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
    }

    public static Pbkdf2Hash? ReadDjango(string iterations, string salt, string key) =>
        int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && Phc.FromBase64(key, LeastKey, MostKey) is { } keyBytes
            ? Of(HashAlgorithmName.SHA256, count, Encoding.UTF8.GetBytes(salt), keyBytes) : null;

    public PasswordHash Write()
    {
        var bytes = new byte[HeaderLength + _salt.Length + _key.Length];
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Array.IndexOf(Prfs, _prf));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), _iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), _salt.Length);
        _salt.CopyTo(bytes, HeaderLength);
        _key.CopyTo(bytes, HeaderLength + _salt.Length);
        return new(Convert.ToBase64String(bytes));
    }

    public override bool Matches(Password password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations, _prf, _key.Length), _key);

    public override void Spend(Password password, long work) => Derive(password, _salt, (int)work, _prf, _key.Length);

    private static Pbkdf2Hash? Of(HashAlgorithmName prf, int iterations, byte[] salt, byte[] key) =>
        iterations >= 1 && iterations <= (prf == HashAlgorithmName.SHA512 ? MostIterations : MostImported)
        && salt.Length is >= LeastSalt and <= MostSalt && key.Length is >= LeastKey and <= MostKey
            ? new(prf, iterations, salt, key) : null;

    private static byte[] Derive(Password password, byte[] salt, int iterations, HashAlgorithmName prf, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password.ToBytes(), salt, iterations, prf, length);
}
