using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Login;
using Serverless.Sessions.Refresh;

namespace Serverless.Sessions.Telemetry;

/// <summary>
/// What happens to sessions, as metrics in the terms of OpenTelemetry. No attribute names a user, an address or a session:
/// attributes have few values, and are seen by more people than storage is.
/// </summary>
public sealed class SessionMetrics
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "Serverless.Sessions";

    private const string Outcome = "outcome";
    private const string Reason = "reason";

    private readonly Counter<long> _logins;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _endings;
    private readonly Counter<long> _lookups;

    /// <summary>Makes the instruments.</summary>
    public SessionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _logins = meter.CreateCounter<long>("serverless.sessions.logins", "{login}", "Logins that were tried, by outcome.");
        _refreshes = meter.CreateCounter<long>("serverless.sessions.refreshes", "{refresh}", "Refreshes that were asked for, by outcome, and refused ones by reason.");
        _endings = meter.CreateCounter<long>("serverless.sessions.endings", "{session}", "Sessions that ended, by reason.");
        _lookups = meter.CreateCounter<long>(
            "serverless.sessions.cache.lookups", "{lookup}", "Sessions that were looked up in the cache of the instance, by whether they were there.");
    }

    /// <summary>Where spans come from.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Counts a login.</summary>
    public void Count(StartSessionResult result) => _logins.Add(1, new KeyValuePair<string, object?>(Outcome, result switch
    {
        StartSessionResult.Started => "started",
        StartSessionResult.InvalidCredentials => "invalid_credentials",
        StartSessionResult.CaptchaRequired => "captcha_required",
        StartSessionResult.Locked => "locked",
        _ => throw new InvalidOperationException("An outcome without a name."),
    }));

    /// <summary>Counts a refresh.</summary>
    public void Count(RefreshSessionResult result)
    {
        var tags = new TagList
        {
            {
                Outcome, result switch
                {
                    RefreshSessionResult.Refreshed => "refreshed",
                    RefreshSessionResult.Kept => "kept",
                    RefreshSessionResult.Ended => "session_ended",
                    RefreshSessionResult.Reused => "token_reused",
                    RefreshSessionResult.Invalid => "token_invalid",
                    _ => throw new InvalidOperationException("An outcome without a name."),
                }
            },
        };
        if (result.Refusal is { } reason)
            tags.Add(Reason, reason);
        _refreshes.Add(1, tags);
    }

    internal void CountEnding(EndReason reason, int sessions = 1) =>
        _endings.Add(sessions, new KeyValuePair<string, object?>(Reason, reason.Name));

    internal void CountLookup(bool hit) => _lookups.Add(1, new KeyValuePair<string, object?>("hit", hit));
}
