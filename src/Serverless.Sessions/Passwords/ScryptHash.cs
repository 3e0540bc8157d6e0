using Org.BouncyCastle.Crypto.Generators;

namespace Serverless.Sessions.Passwords;

/// <summary>scrypt (RFC 7914) as <c>$scrypt$ln=,r=,p=$salt$hash</c>, and Firebase's form as Supabase Auth writes it, with the project's
/// salt separator and signer key: <c>$fbscrypt$v=1,n=,r=,p=,ss=,sk=$salt$hash</c>. Firebase encrypts the signer key with what scrypt
/// derives (https://github.com/firebase/scrypt).</summary>
internal sealed class ScryptHash : StoredHash
{
    // N times r times p: 2^20 are 128 MiB with p = 1, and less with more.
    private const int MostWork = 1 << 20;

    private readonly int _log, _blockSize, _lanes;
    private readonly byte[] _salt, _key;
    private readonly byte[]? _signerKey;

    private ScryptHash(int log, int blockSize, int lanes, byte[] salt, byte[] key, byte[]? signerKey) =>
        (_log, _blockSize, _lanes, _salt, _key, _signerKey) = (log, blockSize, lanes, salt, key, signerKey);

    public override string Kind => "scrypt";
    public override long Work => (1L << _log) * _blockSize * _lanes;

    public static ScryptHash? Read(string parameters, string salt, string key) =>
        Phc.ReadNumbers(parameters, "ln", "r", "p") is [var log, var blockSize, var lanes]
        && IsAffordable(log, blockSize, lanes)
        && Phc.FromBase64(salt, LeastSalt, MostSalt) is { } saltBytes && Phc.FromBase64(key, LeastKey, MostKey) is { } keyBytes
            ? new(log, blockSize, lanes, saltBytes, keyBytes, null) : null;

    public static ScryptHash? ReadFirebase(string parameters, string salt, string key) =>
        Phc.ReadParameters(parameters, "v", "n", "r", "p", "ss", "sk") is ["1", var n, var r, var p, var separator, var signerKey]
        && Phc.ReadNumbers($"n={n},r={r},p={p}", "n", "r", "p") is [var log, var blockSize, var lanes]
        && IsAffordable(log, blockSize, lanes)
        && Phc.FromBase64(salt, LeastSalt, MostSalt) is { } saltBytes && Phc.FromBase64(separator, 0, MostSalt) is { } separatorBytes
        && Phc.FromBase64(signerKey, LeastKey, MostKey) is { } signerKeyBytes && Phc.FromBase64(key, LeastKey, MostKey) is { } keyBytes
        && keyBytes.Length == signerKeyBytes.Length
            ? new(log, blockSize, lanes, [.. saltBytes, .. separatorBytes], keyBytes, signerKeyBytes) : null;

    public override bool Matches(Password password)
    {
        var derived = SCrypt.Generate(password.ToBytes(), _salt, 1 << _log, _blockSize, _lanes, _signerKey is null ? _key.Length : 32);
        return CryptographicOperations.FixedTimeEquals(_signerKey is null ? derived : Encrypt(_signerKey, derived), _key);
    }

    public override void Spend(Password password, long work)
    {
        if (work == Work)
        {
            SCrypt.Generate(password.ToBytes(), _salt, 1 << _log, _blockSize, _lanes, _key.Length);
            return;
        }

        // The usual block size; what is less than one block of two doesn't matter.
        foreach (var power in PowersOf(work / 8).Where(power => power > 0))
            SCrypt.Generate(password.ToBytes(), _salt, 1 << power, 8, 1, _key.Length);
    }

    // r and p are at most 2^24. With r = 1, RFC 7914 limits N to 2^15.
    private static bool IsAffordable(int log, int blockSize, int lanes) =>
        log <= (blockSize == 1 ? 15 : 20) && (long)blockSize << log <= MostWork && ((long)blockSize << log) * lanes <= MostWork;

    // AES-256-CTR from zero.
    private static byte[] Encrypt(byte[] plain, byte[] key)
    {
        var blocks = new byte[(plain.Length + 15) / 16 * 16];
        for (var i = 0; i < blocks.Length / 16; i++)
            BinaryPrimitives.WriteInt32BigEndian(blocks.AsSpan((i * 16) + 12), i);
        using var aes = Aes.Create();
        aes.Key = key;
        var stream = aes.EncryptEcb(blocks, PaddingMode.None);
        return [.. plain.Select((each, i) => (byte)(each ^ stream[i]))];
    }
}
