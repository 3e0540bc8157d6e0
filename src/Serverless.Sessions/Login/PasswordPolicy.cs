using Microsoft.Extensions.Options;

namespace Serverless.Sessions.Login;

/// <summary>
/// What a new password must be: long enough, and not so long that hashing it becomes an attack. There are no composition
/// rules (NIST SP 800-63B, 3.1.1.2).
/// </summary>
public sealed class PasswordPolicy(IOptions<PasswordOptions> options)
{
    /// <summary>Why a password can't be taken, as a sentence for the user; null for one that can.</summary>
    public string? Refuse(Password password)
    {
        var (minimum, maximum) = (options.Value.MinimumLength, PasswordOptions.MaximumLength);
        return password.Length < minimum ? $"A password needs at least {minimum} characters."
            : password.Length > maximum ? $"A password has at most {maximum} characters."
            : null;
    }
}
