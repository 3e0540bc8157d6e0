namespace Serverless.Functions.Accounts;

/// <summary>An account to try things with, created at start in Development and never elsewhere.</summary>
public sealed class DemoOptions : IValidatableObject
{
    public const string Section = "Demo";

    [Setting("an account to try things with, created in Development and never elsewhere", "you develop",
        Allowed = "an email address", Local = "demo@example.com"), Sensitive]
    public string? Email { get; set; }

    [Setting("its password; an account that exists with another one is given this one", "you develop",
        Allowed = "a password by the section Passwords", Local = "correct horse battery staple"), Sensitive]
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
