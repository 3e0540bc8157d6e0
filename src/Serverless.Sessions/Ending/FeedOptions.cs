using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Ending;

/// <summary>The revocation feed. Section <c>Feed</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Feed";

    /// <summary>Whether there is a feed. It tells session ids and times and nothing of whose they are.</summary>
    /// <value>Default true.</value>
    public bool Public { get; set; } = true;

    /// <summary>How old the feed may be; within that time an instance reads storage once, whoever asks.</summary>
    /// <value>Seconds, 1 to 60. Default 5.</value>
    [Range(1, 60)]
    public int CacheSeconds { get; set; } = 5;

    /// <summary>The same as a time span.</summary>
    public TimeSpan Cache => TimeSpan.FromSeconds(CacheSeconds);
}
