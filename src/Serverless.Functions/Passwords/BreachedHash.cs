using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Functions.Passwords;

/// <summary>A line of a list of leaked passwords: a SHA-1 in hexadecimal, and how often it was found: <c>HASH:COUNT</c>.</summary>
internal static class BreachedHash
{
    public const int Length = 2 * SHA1.HashSizeInBytes;

    [SuppressMessage("Security", "CA5350", Justification = "The lists are of SHA-1 hashes; it finds an entry there, and protects nothing.")]
    public static string Of(Password password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password.Text)));

    /// <summary>Whether what follows a hash is anything but the count 0, which marks padding.</summary>
    public static bool IsCounted(ReadOnlySpan<char> rest) => rest.Trim() is not ":0";
}
