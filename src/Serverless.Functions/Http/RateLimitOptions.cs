
namespace Serverless.Functions.Http;

/// <summary>
/// How often callers may ask for what is dear or needs no access token, on each instance. A sixth of a limit is let through at
/// once, the rest evenly over the minute. Section <c>RateLimits</c>.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "RateLimits";

    /// <summary>Logins and password changes from one address, whatever becomes of them. Generous, since an office or a mobile carrier may be one
    /// address.</summary>
    /// <value>Logins a minute, 0 to 100,000; 0 is no limit. Default 300.</value>
    [Range(0, 100_000)]
    public int LoginsPerMinutePerAddress { get; set; } = 300;

    /// <summary>Logins and password changes with one email, from wherever they come and whether or not it has an account.</summary>
    /// <value>Logins a minute, 0 to 100,000; 0 is no limit. Default 120.</value>
    [Range(0, 100_000)]
    public int LoginsPerMinutePerAccount { get; set; } = 120;

    /// <summary>Refreshes from one address. Each client needs two in an hour.</summary>
    /// <value>Refreshes a minute, 0 to 100,000; 0 is no limit. Default 6000.</value>
    [Range(0, 100_000)]
    public int RefreshesPerMinutePerAddress { get; set; } = 6000;

    /// <summary>Everything else that needs no access token, from one address: registration, logout with a refresh token.</summary>
    /// <value>Requests a minute, 0 to 100,000; 0 is no limit. Default 600.</value>
    [Range(0, 100_000)]
    public int OthersPerMinutePerAddress { get; set; } = 600;

    /// <summary>Messages that one user sends, repeated ones included.</summary>
    /// <value>Messages a minute, 0 to 100,000; 0 is no limit. Default 120.</value>
    [Range(0, 100_000)]
    public int MessagesPerMinutePerUser { get; set; } = 120;

    /// <summary>Users of whom one user asks whether they are online, each of which may be a read. One call is
    /// always let through at first, however many it asks for.</summary>
    /// <value>Users a minute, 0 to 100,000; 0 is no limit. Default 6000.</value>
    [Range(0, 100_000)]
    public int PresencesPerMinutePerUser { get; set; } = 6000;
}
