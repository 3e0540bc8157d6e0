namespace Serverless.Sessions.Timeline;

public sealed class SuspiciousIpOptions
{
    public const string Section = "SuspiciousIps";

    [Setting("the most login attempts from one address within an hour that don't flag it; a flag lasts for 24 hours after the last of them",
        "honest offices are flagged")]
    [Range(1, 100_000)]
    public int MaximumLogins { get; set; } = 10;
}
