using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Serverless.Sessions.Caching;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// What this instance has found in access tokens that it verified: a signature takes longer to check than everything else that a
/// status check does, and a client sends the same token for half an hour. Kept under half a SHA-256 of the whole token, and only for
/// the ring that verified it. Whether a token has expired is for the reader to say.
/// </summary>
/// <param name="lifetime">How long access tokens are good.</param>
/// <param name="clock">What that is measured by.</param>
internal sealed class VerifiedTokens(TimeSpan lifetime, TimeProvider clock)
{
    // An entry is about 400 bytes.
    private const int MaximumTokens = 10_000;

    private volatile OfRing? _current;

    public AccessToken? Find(ReadOnlySpan<char> text, KeyRing ring) =>
        _current is { } current && current.Ring == ring && current.Tokens.TryFind(KeyOf(text), out var found) ? found : null;

    /// <summary>Keeps what a token says.</summary>
    public void Keep(ReadOnlySpan<char> text, KeyRing ring, AccessToken token)
    {
        // What was verified by another ring stays in the cache of that one.
        if (_current is not { } current || current.Ring != ring)
            _current = current = new(ring, new(MaximumTokens, lifetime, clock));
        current.Tokens.Keep(KeyOf(text), token, clock.GetTimestamp());
    }

    // 128 bits can't be hit by making tokens, and are half the memory.
    private static UInt128 KeyOf(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private sealed record OfRing(KeyRing Ring, AgedCache<UInt128, AccessToken> Tokens);
}
