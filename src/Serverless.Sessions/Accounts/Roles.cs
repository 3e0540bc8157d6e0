using System.Text.RegularExpressions;

namespace Serverless.Sessions.Accounts;

/// <summary>The roles of users. This service interprets only one; other services read the rest from the access token.</summary>
public static partial class Roles
{
    public const string Admin = "admin";

    /// <summary>The most roles per account, since every token carries them.</summary>
    public const int MaximumCount = 20;

    /// <summary>Distinct, each 1 to 32 of a to z, 0 to 9, dot, hyphen and underscore.</summary>
    public static bool AreValid(IReadOnlyList<string> roles) =>
        roles.Count <= MaximumCount && roles.Distinct().Count() == roles.Count
        && roles.All(role => role is not null && Name().IsMatch(role));

    [GeneratedRegex(@"\A[a-z0-9._-]{1,32}\z")]
    private static partial Regex Name();
}
