namespace Serverless.Sessions.Passwords;

/// <summary>Decides which new passwords are accepted: by length, with a maximum as hashing is costly, and by a list of leaked ones; there
/// are no rules of composition (NIST SP 800-63B, 3.1.1.2).</summary>
public sealed class PasswordRules(IOptions<PasswordOptions> options, ILogger<PasswordRules> log, IBreachedPasswords? breached = null)
{
    /// <summary>Returns why a new password is refused, as a sentence for the user; null if it is accepted.</summary>
    /// <exception cref="BreachedListUnavailableException">The list can't be read and is required.</exception>
    public async Task<string?> RefuseAsync(Password password, CancellationToken cancellationToken)
    {
        if (options.Value.RefuseLength(password) is { } refusal)
            return refusal;
        try
        {
            return breached is not null && await breached.ContainsAsync(password, cancellationToken)
                ? "This password was leaked elsewhere, so attackers try it; choose another one." : null;
        }
        catch (BreachedListUnavailableException exception) when (!options.Value.BreachedListRequired)
        {
            log.BreachedListSkipped(exception.Message);
            return null;
        }
    }
}

/// <summary>A list of leaked passwords. Not registered if none is configured.</summary>
public interface IBreachedPasswords
{
    /// <exception cref="BreachedListUnavailableException">The list can't be read.</exception>
    Task<bool> ContainsAsync(Password password, CancellationToken cancellationToken);
}
