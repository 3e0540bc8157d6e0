namespace Serverless.Functions.Accounts;

/// <summary>Whether strangers may create accounts.</summary>
public sealed class RegistrationOptions
{
    public const string Section = "Registration";

    [Setting("whether strangers may create accounts at POST accounts; otherwise the route doesn't exist", "they may")]
    public bool Enabled { get; set; }
}
