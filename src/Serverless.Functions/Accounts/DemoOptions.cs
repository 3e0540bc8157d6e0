namespace Serverless.Functions.Accounts;

/// <summary>The demo account, created at start in Development only.</summary>
public sealed class DemoOptions : IValidatableObject
{
    public const string Section = "Demo";

    [Setting("the demo account, created at start in Development only", "you develop",
        Allowed = "an email address", Local = "demo@example.com"), Sensitive]
    public string? Email { get; set; }

    [Setting("its password; a start that finds another password replaces it", "you develop",
        Allowed = "a password by the section Passwords", Local = "correct horse battery staple"), Sensitive]
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
