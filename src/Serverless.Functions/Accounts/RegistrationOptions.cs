namespace Serverless.Functions.Accounts;

/// <summary>Whether strangers may make accounts. Section <c>Registration</c>.</summary>
public sealed class RegistrationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Registration";

    /// <summary>Whether POST accounts is open.</summary>
    /// <value>Default false: the route then doesn't exist.</value>
    public bool Enabled { get; set; }
}
