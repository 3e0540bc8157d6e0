namespace Serverless.Functions.Http;

/// <summary>Where the admin routes are.</summary>
internal static class AdminRoutes
{
    /// <summary>The word <c>admin</c>. The Functions host keeps routes that begin with it to itself, prefix or not, but takes a
    /// parameter that can only be that word.</summary>
    public const string Prefix = "{area:regex(^admin$)}/";
}
