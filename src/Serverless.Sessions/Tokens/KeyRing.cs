using System.Collections.Immutable;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// The keys of the service. Of each kind the youngest whose time has come signs; the others verify what they signed, or are
/// known ahead of their time.
/// </summary>
public sealed class KeyRing
{
    private readonly Dictionary<string, SigningKey> _byHeader;

    /// <summary>A ring of these keys.</summary>
    /// <exception cref="ArgumentException">A kind has no key.</exception>
    public KeyRing(ImmutableArray<SigningKey> signingKeys, ImmutableArray<MacKey> macKeys, ImmutableArray<MacKey> auditKeys)
    {
        if (signingKeys.IsDefaultOrEmpty || macKeys.IsDefaultOrEmpty || auditKeys.IsDefaultOrEmpty)
            throw new ArgumentException("A key ring needs at least one key of each kind.");
        SigningKeys = signingKeys;
        MacKeys = macKeys;
        AuditKeys = auditKeys;
        _byHeader = signingKeys.ToDictionary(key => key.Header);
    }

    /// <summary>The keys of access tokens.</summary>
    public ImmutableArray<SigningKey> SigningKeys { get; }

    /// <summary>The keys of refresh tokens.</summary>
    public ImmutableArray<MacKey> MacKeys { get; }

    /// <summary>The keys that chain the log entries of sessions. None of them goes: what they sealed is checked as long as it is
    /// kept.</summary>
    public ImmutableArray<MacKey> AuditKeys { get; }

    /// <summary>Whether no ring came before it, so that its keys sign at once. A rotation leaves a next key of each kind, and signs with
    /// none that it made.</summary>
    public bool IsFirst => SigningKeys.Length == 1 && MacKeys.Length == 1;

    /// <summary>A ring with one new key of each kind.</summary>
    public static KeyRing Create(DateTimeOffset now) => new([SigningKey.Create(now)], [MacKey.Create(now)], [MacKey.Create(now)]);

    /// <summary>
    /// The ring that this one becomes. Of each kind there is always a next key, made as soon as the one before it begins to sign, so
    /// everybody has long known a key when its first token comes. A key goes when its last token has expired.
    /// </summary>
    /// <returns>This ring itself where nothing is due.</returns>
    public KeyRing Rotate(DateTimeOffset now, KeyRotation rotation)
    {
        var signing = Rotate(
            SigningKeys, key => key.SignsFrom, SigningKey.Create, now, rotation.SigningPeriod, rotation.Notice,
            rotation.AccessTokenLifetime);
        var mac = Rotate(
            MacKeys, key => key.SignsFrom, MacKey.Create, now, rotation.MacPeriod, rotation.Notice, rotation.RefreshTokenLifetime);
        var audit = Rotate(
            AuditKeys, key => key.SignsFrom, MacKey.Create, now, rotation.AuditPeriod, rotation.Notice, tokenLifetime: null);
        var changed = !signing.SequenceEqual(SigningKeys) || !mac.SequenceEqual(MacKeys) || !audit.SequenceEqual(AuditKeys);
        return changed ? new(signing, mac, audit) : this;
    }

    /// <summary>Since when a kind of keys has had no next one, which <see cref="Rotate"/> makes; null where none is missing. An audit
    /// key can go on for years.</summary>
    public DateTimeOffset? RotationDueSince(DateTimeOffset now)
    {
        var (signing, mac) = (SigningKeys.Max(key => key.SignsFrom), MacKeys.Max(key => key.SignsFrom));
        var first = signing < mac ? signing : mac;
        return first <= now ? first : null;
    }

    internal SigningKey SignerAt(DateTimeOffset now) => Youngest(SigningKeys, key => key.SignsFrom, now);

    internal MacKey MacAt(DateTimeOffset now) => Youngest(MacKeys, key => key.SignsFrom, now);

    /// <summary>The key that chains log entries at a time.</summary>
    public MacKey AuditKeyAt(DateTimeOffset now) => Youngest(AuditKeys, key => key.SignsFrom, now);

    internal SigningKey? FindByHeader(ReadOnlySpan<char> header) =>
        _byHeader.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(header, out var key) ? key : null;

    internal MacKey? FindMac(KeyId id) => Find(MacKeys, id);

    internal MacKey? FindAuditKey(KeyId id) => Find(AuditKeys, id);

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
        ImmutableArray<T> keys,
        Func<T, DateTimeOffset> signsFrom,
        Func<DateTimeOffset, T> create,
        DateTimeOffset now,
        TimeSpan period,
        TimeSpan notice,
        TimeSpan? tokenLifetime)
    {
        var youngest = keys.Max(signsFrom);
        // An instance that didn't hear of the next key in time may have signed with the one before for a while longer.
        var kept = keys.RemoveAll(key =>
            keys.Select(signsFrom).Where(from => from > signsFrom(key)).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() is var until
            && until < now - tokenLifetime - notice);
        if (youngest > now)
            return kept;
        var next = youngest + period;
        return kept.Add(create(next > now + notice ? next : now + notice));
    }

    // A clock behind the one that made the ring may see only keys of the future; the oldest is then the best guess.
    private static T Youngest<T>(ImmutableArray<T> keys, Func<T, DateTimeOffset> signsFrom, DateTimeOffset now)
    {
        var best = keys[0];
        foreach (var key in keys)
        {
            var (candidate, current) = (signsFrom(key), signsFrom(best));
            if (candidate <= now ? current > now || candidate > current : current > now && candidate < current)
                best = key;
        }

        return best;
    }
}
