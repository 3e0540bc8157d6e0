using Serverless.Sessions.Settings;

namespace Serverless.Functions.Accounts;

/// <summary>The first administrator, made at the first start, and made one again at a start that finds the account without the role
/// or disabled. Section <c>Administrator</c>.</summary>
public sealed class AdministratorOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Administrator";

    /// <summary>The administrator's email.</summary>
    /// <value>An email address. Default none: no account is made.</value>
    [Sensitive]
    public string? Email { get; set; }

    /// <summary>The administrator's first password; take it out of the settings once the account is made. An account that has to
    /// be made an administrator is given it too, so that the role goes to nobody else.</summary>
    /// <value>A password by the rules of section Passwords. Default none: no account is made.</value>
    [Sensitive]
    public string? Password { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
