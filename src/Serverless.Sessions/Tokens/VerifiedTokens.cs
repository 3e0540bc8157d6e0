using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// What this instance has found in access tokens that it verified: a signature takes longer to check than everything else that a
/// status check does, and a client sends the same token for half an hour. Kept under half a SHA-256 of the whole token, and only for
/// the ring that verified it.
/// </summary>
internal sealed class VerifiedTokens : IDisposable
{
    // An entry is about 400 bytes.
    private const int MaximumTokens = 10_000;

    // 128 bits can't be hit by making tokens, and are half the memory.
    private const int KeyBytes = 16;
    private const int KeyLength = 22;

    private volatile OfRing? _current;

    public void Dispose() => _current?.Tokens.Dispose();

    public AccessToken? Find(ReadOnlySpan<char> text, KeyRing ring)
    {
        if (_current is not { } current || current.Ring != ring)
            return null;
        Span<char> key = stackalloc char[KeyLength];
        WriteKey(text, key);
        return current.Tokens.TryGetValue(key, out var found) ? (AccessToken?)found : null;
    }

    /// <summary>Keeps what a token says until it expires.</summary>
    public void Keep(ReadOnlySpan<char> text, KeyRing ring, AccessToken token)
    {
        // What was verified by another ring stays in the cache of that one.
        if (_current is not { } current || current.Ring != ring)
            _current = current = new(ring, new(new MemoryCacheOptions { SizeLimit = MaximumTokens }));
        Span<char> key = stackalloc char[KeyLength];
        WriteKey(text, key);
        using var entry = current.Tokens.CreateEntry(key.ToString());
        (entry.Value, entry.Size, entry.AbsoluteExpiration) = (token, 1, token.ExpiresAt);
    }

    private static void WriteKey(ReadOnlySpan<char> text, Span<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        Base64Url.EncodeToChars(hash[..KeyBytes], key);
    }

    private sealed record OfRing(KeyRing Ring, MemoryCache Tokens);
}
