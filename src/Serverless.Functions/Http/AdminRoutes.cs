namespace Serverless.Functions.Http;

internal static class AdminRoutes
{
    /// <summary>Matches <c>admin</c>. The Functions host reserves routes that begin with that word, but accepts a parameter constrained
    /// to it.</summary>
    public const string Prefix = "{area:regex(^admin$)}/";
}
