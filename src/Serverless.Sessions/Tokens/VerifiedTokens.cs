using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// What this instance has found in access tokens that it verified: a signature takes longer to check than all else that a
/// status check does, and a client sends the same token for half an hour. Kept under the hash of the whole token, and only good
/// for the ring it was verified with.
/// </summary>
internal sealed class VerifiedTokens : IDisposable
{
    // An entry is about half a kilobyte.
    private const int MaximumTokens = 10_000;

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MaximumTokens });

    public void Dispose() => _tokens.Dispose();

    public AccessToken? Find(ReadOnlySpan<char> text, KeyRing ring)
    {
        Span<char> key = stackalloc char[KeyLength];
        WriteKey(text, key);
        return _tokens.TryGetValue(key, out var found) && found is Verified verified && verified.Ring == ring ? verified.Token : null;
    }

    /// <summary>Keeps what a token says until it expires.</summary>
    public void Keep(ReadOnlySpan<char> text, KeyRing ring, AccessToken token)
    {
        Span<char> key = stackalloc char[KeyLength];
        WriteKey(text, key);
        _tokens.Set(
            key.ToString(), new Verified(ring, token), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = token.ExpiresAt });
    }

    private const int KeyLength = 43;

    private static void WriteKey(ReadOnlySpan<char> text, Span<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        Base64Url.EncodeToChars(hash, key);
    }

    private sealed record Verified(KeyRing Ring, AccessToken Token);
}
