using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Login;

/// <summary>How passwords are chosen and kept. Section <c>Passwords</c>.</summary>
public sealed class PasswordOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Passwords";

    /// <summary>The fewest characters of a new password (NIST SP 800-63B asks for at least 8).</summary>
    /// <value>Characters, 8 to 64. Default 12.</value>
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 12;

    /// <summary>The most characters of a password; longer ones are refused before any hashing.</summary>
    /// <value>Characters, 64 to 1024. Default 128.</value>
    [Range(64, 1024)]
    public int MaximumLength { get; set; } = 128;

    /// <summary>The fewest iterations of PBKDF2-HMAC-SHA512 outside Development (OWASP Password Storage Cheat Sheet).</summary>
    public const int SafeIterations = 220_000;

    /// <summary>Iterations of PBKDF2-HMAC-SHA512.</summary>
    /// <value>Iterations, 1,000 to 10,000,000; at least <see cref="SafeIterations"/> outside Development. Default 220,000.</value>
    [Range(1_000, 10_000_000)]
    public int Iterations { get; set; } = SafeIterations;

    /// <summary>How long a login may wait for those before it with the same email, and again for a free core to hash on, before
    /// it is told to come back.</summary>
    /// <value>Seconds, 0 to 10. Default 2.</value>
    [Range(0, 10)]
    public int MaximumWaitSeconds { get; set; } = 2;
}
