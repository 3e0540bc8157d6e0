using System.Security.Cryptography;
using System.Text;

namespace Serverless.Sessions.Refresh;

/// <summary>
/// The hash of the random value that a client stored before it sent a refresh. The same attempt again is the same client
/// whose reply was lost, however late it comes.
/// </summary>
public readonly record struct AttemptHash(string Value)
{
    /// <summary>The fewest characters of an attempt; a client that takes fewer can't mean a random value.</summary>
    public const int MinimumLength = 8;

    /// <summary>The most characters of an attempt.</summary>
    public const int MaximumLength = 128;

    /// <summary>Hashes an attempt: the first 128 bits of its SHA-256.</summary>
    public static AttemptHash Of(string attempt)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(attempt), hash);
        return new(Convert.ToHexStringLower(hash[..16]));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
