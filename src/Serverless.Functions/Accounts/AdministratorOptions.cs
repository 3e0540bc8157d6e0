using Serverless.Sessions.Settings;

namespace Serverless.Functions.Accounts;

/// <summary>The first administrator, made at the first start. Section <c>Administrator</c>.</summary>
public sealed class AdministratorOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Administrator";

    /// <summary>The administrator's email.</summary>
    /// <value>An email address. Default none: no account is made.</value>
    [Sensitive]
    public string? Email { get; set; }

    /// <summary>The administrator's first password; take it out of the settings once the account is made.</summary>
    /// <value>A password by the rules of section Passwords. Default none: no account is made.</value>
    [Sensitive]
    public string? Password { get; set; }
}
