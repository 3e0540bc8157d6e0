namespace Serverless.Sessions.Login;

public sealed class PasswordOptions
{
    /// <summary>The most characters of a password; longer ones are refused before any hashing.</summary>
    public const int MaximumLength = 128;

    // NIST SP 800-63B asks for at least 8.
    [Setting("the fewest characters of a new password", "your policy requires longer ones")]
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 12;

    /// <summary>The fewest iterations outside Development (OWASP Password Storage Cheat Sheet).</summary>
    public const int SafeIterations = 220_000;

    [Setting("iterations of PBKDF2-HMAC-SHA512, at least 220000 outside Development; a hash with fewer is renewed at the next login",
        "OWASP raises its recommendation, and the CPU can take it")]
    [Range(1_000, 10_000_000)]
    public int Iterations { get; set; } = SafeIterations;

    [Setting("how long a login may wait for earlier ones with the same email, and again for a free core to hash on, before it gets 503",
        "event 1002 is frequent and callers would rather wait")]
    [Duration("00:00:00", "00:00:10")]
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Returns why a new password is refused, as a sentence for the user; null if it is accepted. Length is the only
    /// rule, with a maximum as hashing is costly (NIST SP 800-63B, 3.1.1.2).</summary>
    public string? Refuse(Password password) =>
        password.Length < MinimumLength ? $"A password needs at least {MinimumLength} characters."
        : password.Length > MaximumLength ? $"A password has at most {MaximumLength} characters."
        : null;
}
