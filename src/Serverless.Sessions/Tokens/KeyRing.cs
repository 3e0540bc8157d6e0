using System.Collections.Immutable;

namespace Serverless.Sessions.Tokens;

/// <summary>The keys of the service. Of each kind the youngest that has reached its start signs; older ones verify, and the next
/// one is known ahead of its start.</summary>
/// <exception cref="ArgumentException">A kind has no key.</exception>
public sealed class KeyRing(
    ImmutableArray<SigningKey> signingKeys, ImmutableArray<MacKey> macKeys, ImmutableArray<MacKey> auditKeys, int sequence,
    PushKey? pushKey = null)
{
    // Keys stay as long as their tokens live, so a shorter period makes a larger ring, and a secret of a vault holds 25 KB.
    private static readonly TimeSpan TokenKeyPeriod = TimeSpan.FromDays(30);
    private static readonly TimeSpan AuditKeyPeriod = TimeSpan.FromDays(365);
    private readonly Dictionary<string, SigningKey> _byHeader = signingKeys.ToDictionary(key => key.Header);

    public ImmutableArray<SigningKey> SigningKeys { get; } = AtLeastOne(signingKeys);
    public ImmutableArray<MacKey> MacKeys { get; } = AtLeastOne(macKeys);

    /// <summary>Never removed, since entries are verified as long as they are kept.</summary>
    public ImmutableArray<MacKey> AuditKeys { get; } = AtLeastOne(auditKeys);

    /// <summary>Null until web push first needs it. No rotation touches it.</summary>
    public PushKey? PushKey { get; } = pushKey;

    /// <summary>1 for the first ring, and one more with each change.</summary>
    public int Sequence { get; } = sequence;

    /// <summary>When the first ring was created, as of its oldest audit key.</summary>
    public DateTimeOffset CreatedAt => AuditKeys.Min(key => key.SignsFrom);

    public static KeyRing Create(DateTimeOffset now) => new([SigningKey.Create(now)], [MacKey.Create(now)], [MacKey.Create(now)], 1);

    /// <summary>Returns the rotated ring, or this one if nothing is due. A next key is created as soon as the previous one begins
    /// to sign; a key is removed once its last token has expired, even one of the longest lifetime that can be set.</summary>
    public KeyRing Rotate(DateTimeOffset now, TimeSpan notice)
    {
        var signing = Rotate(SigningKeys, SigningKey.Create, now, notice, TokenKeyPeriod, TokenOptions.LongestLifetime);
        var mac = Rotate(MacKeys, MacKey.Create, now, notice, TokenKeyPeriod, SessionOptions.LongestLifetime);
        var audit = Rotate(AuditKeys, MacKey.Create, now, notice, AuditKeyPeriod, lifetime: null);
        var changed = !signing.SequenceEqual(SigningKeys) || !mac.SequenceEqual(MacKeys) || !audit.SequenceEqual(AuditKeys);
        return changed ? new(signing, mac, audit, Sequence + 1, PushKey) : this;
    }

    internal KeyRing WithPushKey(DateTimeOffset now) => new(SigningKeys, MacKeys, AuditKeys, Sequence + 1, PushKey.Create(now));

    /// <summary>Returns since when a kind has lacked a next key; audit keys don't count, as they may last for years.</summary>
    public DateTimeOffset? RotationDueSince(DateTimeOffset now)
    {
        var (signing, mac) = (SigningKeys.Max(key => key.SignsFrom), MacKeys.Max(key => key.SignsFrom));
        var first = signing < mac ? signing : mac;
        return first <= now ? first : null;
    }

    /// <summary>Returns the key that signs of each kind that is rotated.</summary>
    public IReadOnlyList<KeyInUse> InUseAt(DateTimeOffset now) =>
        [InUse(KeyKind.Signing, SigningKeys, now), InUse(KeyKind.Mac, MacKeys, now), InUse(KeyKind.Audit, AuditKeys, now)];

    internal SigningKey SignerAt(DateTimeOffset now) => Latest(SigningKeys, now);
    internal MacKey MacAt(DateTimeOffset now) => Latest(MacKeys, now);
    public MacKey AuditKeyAt(DateTimeOffset now) => Latest(AuditKeys, now);

    internal SigningKey? FindByHeader(ReadOnlySpan<char> header) =>
        _byHeader.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(header, out var key) ? key : null;

    internal MacKey? FindMac(KeyId id) => Find(MacKeys, id);
    internal MacKey? FindAuditKey(KeyId id) => Find(AuditKeys, id);

    private static ImmutableArray<T> AtLeastOne<T>(ImmutableArray<T> keys) =>
        keys.IsEmpty ? throw new ArgumentException("A key ring needs at least one key of each kind.") : keys;

    private static KeyInUse InUse<T>(KeyKind kind, ImmutableArray<T> keys, DateTimeOffset now)
        where T : IRingKey
    {
        var active = Latest(keys, now);
        return new(kind, active.Id, keys.Where(key => key.SignsFrom > active.SignsFrom).Min(key => (DateTimeOffset?)key.SignsFrom));
    }

    private static MacKey? Find(ImmutableArray<MacKey> keys, KeyId id)
    {
        foreach (var key in keys)
        {
            if (key.Id == id)
                return key;
        }

        return null;
    }

    private static ImmutableArray<T> Rotate<T>(
        ImmutableArray<T> keys, Func<DateTimeOffset, T> create, DateTimeOffset now,
        TimeSpan notice, TimeSpan period, TimeSpan? lifetime)
        where T : IRingKey
    {
        var youngest = keys.Max(key => key.SignsFrom);
        // An instance that learned of the next key late may have signed with the previous one a while longer.
        var kept = keys.RemoveAll(key =>
            keys.Any(other => other.SignsFrom > key.SignsFrom && other.SignsFrom < now - lifetime - notice));
        if (youngest > now)
            return kept;
        var next = youngest + period;
        return kept.Add(create(next > now + notice ? next : now + notice));
    }

    // If the clock is behind that of the ring's creator, all keys may lie in the future: then take the oldest.
    private static T Latest<T>(ImmutableArray<T> keys, DateTimeOffset now)
        where T : IRingKey
    {
        var best = keys[0];
        foreach (var key in keys)
        {
            var (candidate, current) = (key.SignsFrom, best.SignsFrom);
            if (candidate <= now ? current > now || candidate > current : current > now && candidate < current)
                best = key;
        }

        return best;
    }
}

public enum KeyKind { Signing, Mac, Audit }

/// <summary><c>NextFrom</c> is when the next key begins to sign; null until it is created.</summary>
public sealed record KeyInUse(KeyKind Kind, KeyId Active, DateTimeOffset? NextFrom);

/// <summary>A key that signs from a time on; it verifies before and after.</summary>
internal interface IRingKey
{
    KeyId Id { get; }
    DateTimeOffset SignsFrom { get; }
    byte[] Export();
}

/// <summary>The random, public name of a key: 16 lower-case hexadecimal digits.</summary>
public readonly record struct KeyId(ulong Value)
{
    public const int TextLength = 16;

    public static KeyId New() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    public static bool TryParse(ReadOnlySpan<char> text, out KeyId id)
    {
        var isId = HexDigits.TryRead(text, TextLength, out ulong value);
        id = new(value);
        return isId;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A key of 256 random bits that authenticates refresh tokens and log entries with HMAC-SHA256 (RFC 2104).</summary>
public sealed class MacKey(KeyId id, DateTimeOffset signsFrom, byte[] secret) : IRingKey
{
    internal const int CodeLength = HMACSHA256.HashSizeInBytes;

    public KeyId Id => id;
    public DateTimeOffset SignsFrom => signsFrom;

    public static MacKey Create(DateTimeOffset signsFrom) =>
        new(KeyId.New(), signsFrom, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));

    public byte[] Export() => [.. secret];
    internal void Authenticate(ReadOnlySpan<byte> data, Span<byte> code) => HMACSHA256.HashData(secret, data, code);
}
