namespace Serverless.Functions.Accounts;

/// <summary>The first administrator.</summary>
public sealed class AdministratorOptions : IValidatableObject
{
    public const string Section = "Administrator";

    [Setting("the first administrator: created at the first start; a start that finds the account disabled or without the role restores it",
        "you deploy for the first time, or no administrator is left", Allowed = "an email address"), Sensitive]
    public string? Email { get; set; }

    // A restored account gets this password, so that nobody else gets the role.
    [Setting("the administrator's first password; a restored account gets it, too",
        "you deploy for the first time, or no administrator is left; remove it once the account exists",
        Allowed = "a password by the section Passwords"), Sensitive]
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
