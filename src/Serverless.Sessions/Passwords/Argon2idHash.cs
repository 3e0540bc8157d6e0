using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Serverless.Sessions.Passwords;

/// <summary>Argon2id (RFC 9106). libsodium computes what it can, one lane and a salt of 16 bytes, which is all that is written here;
/// a managed implementation computes the rest, four times slower.</summary>
internal sealed class Argon2idHash : StoredHash
{
    private const int SaltLength = 16, KeyLength = 32;

    // In KiB, and in KiB times passes. Takes the recommendations of RFC 9106 for little memory, and what PHP and Django write.
    private const int MostMemory = 128 * 1024, MostWork = 256 * 1024, MostLanes = 16;

    private readonly Argon2Cost _cost;
    private readonly int _lanes;
    private readonly byte[] _salt, _key;

    private Argon2idHash(Argon2Cost cost, int lanes, byte[] salt, byte[] key) => (_cost, _lanes, _salt, _key) = (cost, lanes, salt, key);

    public override string Kind => IsNative ? "argon2id" : "argon2id, managed";
    public override long Work => (long)_cost.Memory * _cost.Passes;

    private bool IsNative => _lanes == 1 && _salt.Length == SaltLength && NativeArgon2.WhyNot is null;

    public static Argon2idHash Create(Password password, Argon2Cost cost)
    {
        var (salt, key) = (RandomNumberGenerator.GetBytes(SaltLength), new byte[KeyLength]);
        NativeArgon2.Derive(password.ToBytes(), salt, cost, key);
        return new(cost, 1, salt, key);
    }

    /// <summary>A hash of no password: a check against it costs what a real one does, and making it costs nothing.</summary>
    public static Argon2idHash OfNobody(Argon2Cost cost) =>
        new(cost, 1, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(KeyLength));

    public static Argon2idHash? Read(string parameters, string salt, string key) =>
        Phc.ReadNumbers(parameters, "m", "t", "p") is [var memory, var passes, var lanes]
        && lanes <= MostLanes && memory >= 8 * lanes && memory <= MostMemory && (long)memory * passes <= MostWork
        && Phc.FromBase64(salt, LeastSalt, MostSalt) is { } saltBytes && Phc.FromBase64(key, LeastKey, MostKey) is { } keyBytes
            ? new(new(memory, passes), lanes, saltBytes, keyBytes) : null;

    public PasswordHash Write() => new(Phc.Write(
        "argon2id", 19, string.Create(CultureInfo.InvariantCulture, $"m={_cost.Memory},t={_cost.Passes},p={_lanes}"), _salt, _key));

    /// <summary>Whether it is as <see cref="Create"/> makes it.</summary>
    public bool Is(Argon2Cost cost) => (_cost, _lanes, _salt.Length, _key.Length) == (cost, 1, SaltLength, KeyLength);

    public override bool Matches(Password password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password.ToBytes(), _cost, _lanes, _key.Length), _key);

    public override void Spend(Password password, long work)
    {
        if (work == Work)
        {
            Derive(password.ToBytes(), _cost, _lanes, _key.Length);
            return;
        }

        foreach (var power in PowersOf(work).Where(power => 1 << power >= 8))
            Derive(password.ToBytes(), new(1 << power, 1), 1, _key.Length);
    }

    private byte[] Derive(byte[] password, Argon2Cost cost, int lanes, int length)
    {
        var key = new byte[length];
        if (IsNative)
            NativeArgon2.Derive(password, _salt, cost, key);
        else
            DeriveManaged(password, cost, lanes, key);
        return key;
    }

    // By itself, so that its library, which is large, isn't loaded before it is needed.
    private void DeriveManaged(byte[] password, Argon2Cost cost, int lanes, byte[] key)
    {
        var generator = new Argon2BytesGenerator();
        generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id).WithVersion(Argon2Parameters.Version13)
            .WithSalt(_salt).WithMemoryAsKB(cost.Memory).WithIterations(cost.Passes).WithParallelism(lanes).Build());
        generator.GenerateBytes(password, key);
    }
}

/// <param name="Memory">In KiB.</param>
internal readonly record struct Argon2Cost(int Memory, int Passes)
{
    /// <summary>OWASP's first choice: 19 MiB and 2 passes, with one lane (Password Storage Cheat Sheet).</summary>
    public static readonly Argon2Cost Safe = new(19 * 1024, 2);

    /// <summary>The least that libsodium computes.</summary>
    public static readonly Argon2Cost Weak = new(8, 1);
}
