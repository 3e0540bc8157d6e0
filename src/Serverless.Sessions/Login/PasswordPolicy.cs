namespace Serverless.Sessions.Login;

/// <summary>The rules for a new password: length only, with a maximum as hashing is costly (NIST SP 800-63B, 3.1.1.2).</summary>
public sealed class PasswordPolicy(IOptions<PasswordOptions> options)
{
    /// <summary>Returns why a password is refused, as a sentence for the user; null if it is accepted.</summary>
    public string? Refuse(Password password)
    {
        var (minimum, maximum) = (options.Value.MinimumLength, PasswordOptions.MaximumLength);
        return password.Length < minimum ? $"A password needs at least {minimum} characters."
            : password.Length > maximum ? $"A password has at most {maximum} characters."
            : null;
    }
}
