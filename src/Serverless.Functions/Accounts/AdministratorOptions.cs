namespace Serverless.Functions.Accounts;

/// <summary>The first administrator.</summary>
public sealed class AdministratorOptions : IValidatableObject
{
    public const string Section = "Administrator";

    [Setting("the first administrator, created at the first start, and made administrator again at a start that finds the account without the role or disabled",
        "you deploy for the first time, or no administrator is left", Allowed = "an email address"), Sensitive]
    public string? Email { get; set; }

    // An account that has to be made an administrator is given it too, so that the role goes to nobody else.
    [Setting("the administrator's first password; an account that has to be made an administrator again is given it too",
        "you deploy for the first time, or no administrator is left; remove it once the account exists",
        Allowed = "a password by the section Passwords"), Sensitive]
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        string.IsNullOrEmpty(Email) || Serverless.Sessions.Accounts.Email.TryParse(Email, out _)
            ? []
            : [new($"{Section}__{nameof(Email)} must be an email address, but is something else.")];
}
