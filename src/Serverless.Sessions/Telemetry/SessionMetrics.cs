using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Sessions.Telemetry;

/// <summary>No attribute names a user, an address or a session: attributes need few values, and many see metrics.</summary>
public sealed class SessionMetrics(IMeterFactory meters)
{
    public const string Name = "Serverless.Sessions";

    private const string Outcome = "outcome";
    private const string Reason = "reason";

    // The factory returns one meter for one name.
    private readonly Counter<long> _logins = meters.Create(Name).CreateCounter<long>(
        "serverless.sessions.logins", "{login}", "Login attempts, by outcome.");
    private readonly Counter<long> _refreshes = meters.Create(Name).CreateCounter<long>(
        "serverless.sessions.refreshes", "{refresh}", "Refresh attempts, by outcome, and refused ones by reason.");
    private readonly Counter<long> _endings = meters.Create(Name).CreateCounter<long>(
        "serverless.sessions.endings", "{session}", "Sessions that ended, by reason.");
    private readonly Counter<long> _lookups = meters.Create(Name).CreateCounter<long>(
        "serverless.sessions.cache.lookups", "{lookup}", "Lookups in the instance's session cache, by hit or miss.");

    public static ActivitySource Source { get; } = new(Name);

    public void Count(StartSessionResult result) => _logins.Add(1, new KeyValuePair<string, object?>(Outcome, result switch
    {
        StartSessionResult.Started => "started",
        StartSessionResult.InvalidCredentials => "invalid_credentials",
        StartSessionResult.CaptchaRequired => "captcha_required",
        StartSessionResult.EmailNotVerified => "email_not_verified",
        StartSessionResult.AccountClosing => "account_closing",
        StartSessionResult.LocationRefused => "location_refused",
        StartSessionResult.Locked => "locked",
        StartSessionResult.PasskeyRefused => "passkey_refused",
        _ => throw new InvalidOperationException("An outcome without a name."),
    }));

    public void Count(RefreshSessionResult result)
    {
        var tags = new TagList();
        tags.Add(Outcome, result switch
        {
            RefreshSessionResult.Refreshed => "refreshed",
            RefreshSessionResult.Kept => "kept",
            RefreshSessionResult.Ended => "session_ended",
            RefreshSessionResult.Reused => "token_reused",
            RefreshSessionResult.Invalid => "token_invalid",
            _ => throw new InvalidOperationException("An outcome without a name."),
        });
        if (result.Refusal is { } reason)
            tags.Add(Reason, reason);
        _refreshes.Add(1, tags);
    }

    internal void CountEnding(EndReason reason, int sessions = 1) =>
        _endings.Add(sessions, new KeyValuePair<string, object?>(Reason, reason.Name));

    internal void CountLookup(bool hit) => _lookups.Add(1, new KeyValuePair<string, object?>("hit", hit));
}
