using System.Text.RegularExpressions;

namespace Serverless.Sessions.Accounts;

/// <summary>What a user may do. Roles mean nothing to this service but one; other services find them in the access token.</summary>
public static partial class Roles
{
    /// <summary>The role that the admin routes ask for.</summary>
    public const string Admin = "admin";

    /// <summary>The most roles of an account: they travel in every token.</summary>
    public const int MaximumCount = 20;

    /// <summary>Whether these can be an account's roles: each 1 to 32 of a to z, 0 to 9, dot, dash and underscore, none twice.</summary>
    public static bool AreValid(IReadOnlyList<string> roles)
    {
        return roles.Count <= MaximumCount
            && roles.Distinct().Count() == roles.Count
            && roles.All(role => role is not null && Name().IsMatch(role));
    }

    [GeneratedRegex(@"\A[a-z0-9._-]{1,32}\z")]
    private static partial Regex Name();
}
