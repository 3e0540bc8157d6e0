using System.Runtime.InteropServices;

namespace Serverless.Sessions.Tokens;

/// <summary>Caches verified access tokens: the signature costs more than the rest of a status check, and a client sends the same
/// token until it expires. Keyed by half a SHA-256 of the whole token, per ring. The reader checks expiry.</summary>
internal sealed class VerifiedTokens(TimeSpan lifetime, TimeProvider clock)
{
    // An entry is about 400 bytes.
    private const int MaximumTokens = 10_000;

    private volatile OfRing? _current;

    public AccessToken? Find(ReadOnlySpan<char> text, KeyRing ring) =>
        _current is { } current && current.Ring == ring && current.Tokens.TryFind(KeyOf(text), out var found) ? found : null;

    public void Keep(ReadOnlySpan<char> text, KeyRing ring, AccessToken token)
    {
        // Entries verified by another ring stay in that ring's cache.
        if (_current is not { } current || current.Ring != ring)
            _current = current = new(ring, new(MaximumTokens, lifetime, clock));
        current.Tokens.Keep(KeyOf(text), token, clock.GetTimestamp());
    }

    private static UInt128 KeyOf(ReadOnlySpan<char> text) => Digest.Of(MemoryMarshal.AsBytes(text));

    private sealed record OfRing(KeyRing Ring, AgedCache<UInt128, AccessToken> Tokens);
}
