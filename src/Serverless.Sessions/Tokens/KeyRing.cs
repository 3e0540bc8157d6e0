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
    public KeyRing(ImmutableArray<SigningKey> signingKeys, ImmutableArray<MacKey> macKeys)
    {
        if (signingKeys.IsDefaultOrEmpty || macKeys.IsDefaultOrEmpty)
            throw new ArgumentException("A key ring needs at least one key of each kind.");
        SigningKeys = signingKeys;
        MacKeys = macKeys;
        _byHeader = signingKeys.ToDictionary(key => key.Header);
    }

    /// <summary>The keys of access tokens.</summary>
    public ImmutableArray<SigningKey> SigningKeys { get; }

    /// <summary>The keys of refresh tokens.</summary>
    public ImmutableArray<MacKey> MacKeys { get; }

    /// <summary>A ring with one new key of each kind.</summary>
    public static KeyRing Create(DateTimeOffset now) => new([SigningKey.Create(now)], [MacKey.Create(now)]);

    internal SigningKey SignerAt(DateTimeOffset now) => Youngest(SigningKeys, key => key.SignsFrom, now);

    internal MacKey MacAt(DateTimeOffset now) => Youngest(MacKeys, key => key.SignsFrom, now);

    internal SigningKey? FindByHeader(ReadOnlySpan<char> header) =>
        _byHeader.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(header, out var key) ? key : null;

    internal MacKey? FindMac(KeyId id)
    {
        foreach (var key in MacKeys)
        {
            if (key.Id == id)
                return key;
        }

        return null;
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
