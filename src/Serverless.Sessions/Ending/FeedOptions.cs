namespace Serverless.Sessions.Ending;

public sealed class FeedOptions
{
    public const string Section = "Feed";

    [Setting("whether there is a revocation feed; it holds session ids and times, nothing about users", "no service reads it")]
    public bool Public { get; set; } = true;

    [Setting("how old the feed may be; within that time an instance reads storage once",
        "services must learn of revocations sooner, or the reads cost too much")]
    [Duration("00:00:01", "00:01:00")]
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromSeconds(5);
}
