namespace Serverless.Sessions.Policies;

/// <summary>What the settings say of the sessions of one role; what is null, they leave to the settings for all.</summary>
public sealed class RolePolicy
{
    private const string Longest = "365.00:00:00";

    [Setting("the idle lifetime of a session of the role; at least twice `Sessions__Grace`", "the role's forgotten tabs must close sooner")]
    [Duration("00:00:30", Longest)]
    public TimeSpan? IdleLifetime { get; set; }

    [Setting("the absolute lifetime of a session of the role", "the role should log in more often")]
    [Duration("00:00:30", Longest)]
    public TimeSpan? AbsoluteLifetime { get; set; }

    [Setting("how long a user of the role may do nothing before the session ends with reason `inactive`, however long the page "
        + "stays open; at least twice `Sessions__Grace`",
        "a rule asks for it, such as 15 minutes for payments")]
    [Duration("00:00:05", "1.00:00:00")]
    public TimeSpan? Inactivity { get; set; }

    [Setting("how many sessions a user of the role may have; 1 is a single session", "one person should work in one place")]
    [Range(1, 1000)]
    public int? MaximumSessions { get; set; }

    [Setting("how long ago a user of the role may have logged in or stepped up for what needs a fresh proof (`StepUp__MaximumAge`)",
        "the role can do more harm than others")]
    [Duration("00:00:01", "1.00:00:00")]
    public TimeSpan? FreshProofAge { get; set; }

    [Setting("whether a login with `remember` counts as one", "the role must not stay logged in when the browser closes")]
    public bool? AllowRemember { get; set; }
}
