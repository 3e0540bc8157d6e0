namespace Serverless.Functions.Accounts;

public sealed class RegistrationOptions
{
    public const string Section = "Registration";

    [Setting("whether anyone may create an account with POST accounts, which otherwise returns 404", "users register themselves")]
    public bool Enabled { get; set; }
}
