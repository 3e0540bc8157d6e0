using Serverless.Sessions.Settings;

namespace Serverless.Functions.Accounts;

/// <summary>An account to try things with, made at start in Development and never elsewhere. Section <c>Demo</c>.</summary>
public sealed class DemoOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Demo";

    /// <summary>The account's email.</summary>
    /// <value>An email address. Default none: no account is made.</value>
    [Sensitive]
    public string? Email { get; set; }

    /// <summary>The account's password. An account that exists with another one is given this one.</summary>
    /// <value>A password by the rules of section Passwords. Default none: no account is made.</value>
    [Sensitive]
    public string? Password { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
