namespace Serverless.Sessions.Policies;

/// <summary>Resolves how long sessions last, and what else the settings say of them, by the user's roles: of several roles and the settings
/// for all, the strictest counts, item by item.</summary>
public sealed class SessionPolicies(PolicyOptions policies, SessionOptions sessions, StepUpOptions stepUp)
{
    public SessionPolicies(IOptions<PolicyOptions> policies, IOptions<SessionOptions> sessions, IOptions<StepUpOptions> stepUp)
        : this(policies.Value, sessions.Value, stepUp.Value)
    {
    }

    /// <summary>No policies, and the defaults of all settings.</summary>
    public SessionPolicies()
        : this(new PolicyOptions(), new SessionOptions(), new StepUpOptions())
    {
    }

    public SessionPolicy Of(Session session) => Of(session.Roles, session.Remember);
    public SessionPolicy Of(RefreshToken token) => Of(token.Claims.Roles, token.Remember);

    public SessionPolicy Of(IReadOnlyList<string> roles, bool remember)
    {
        var ofRoles = roles.Select(role => policies.Roles.GetValueOrDefault(role)).OfType<RolePolicy>().ToList();
        var remembers = remember && ofRoles.TrueForAll(policy => policy.AllowRemember != false);
        return new(
            Shorter(remembers ? sessions.RememberedIdleLifetime : sessions.IdleLifetime, ofRoles.Min(policy => policy.IdleLifetime)),
            Shorter(
                remembers ? sessions.RememberedAbsoluteLifetime : sessions.AbsoluteLifetime,
                ofRoles.Min(policy => policy.AbsoluteLifetime)),
            ofRoles.Min(policy => policy.Inactivity),
            ofRoles.Select(policy => policy.MaximumSessions).Append(sessions.MaximumPerAccount is > 0 and var most ? most : null).Min(),
            ofRoles.Select(policy => policy.FreshProofAge).Append(stepUp.MaximumAge > TimeSpan.Zero ? stepUp.MaximumAge : null).Min(),
            remembers);
    }

    private static TimeSpan Shorter(TimeSpan general, TimeSpan? ofRoles) => ofRoles < general ? ofRoles.Value : general;
}

/// <summary>What counts for one session. <c>Inactivity</c>, <c>MaximumSessions</c> and <c>FreshProofAge</c> are null without a limit;
/// <c>Remembers</c> says whether it lasts when the browser closes.</summary>
public sealed record SessionPolicy(
    TimeSpan IdleLifetime, TimeSpan AbsoluteLifetime, TimeSpan? Inactivity, int? MaximumSessions, TimeSpan? FreshProofAge, bool Remembers)
{
    /// <summary>Returns when a session expires unless it is refreshed again, never after its absolute expiry, and why it does so if that is
    /// before it. <paramref name="idleFor"/>: how long its user has done nothing.</summary>
    public (DateTimeOffset At, EndReason Reason) SlideExpiry(DateTimeOffset now, TimeSpan idleFor, DateTimeOffset absoluteExpiresAt)
    {
        var (at, reason) = (now + IdleLifetime, EndReason.ExpiredIdle);
        if (Inactivity is { } inactivity && now + inactivity - idleFor is var inactive && inactive <= at)
            (at, reason) = (inactive, EndReason.Inactive);
        return (at < absoluteExpiresAt ? at : absoluteExpiresAt, reason);
    }

    public long? InactivitySeconds => (long?)Inactivity?.TotalSeconds;

    /// <summary>How old a proof may be that replaces the user's password; there is always a limit.</summary>
    public TimeSpan PasskeyProofAge => FreshProofAge ?? StepUpOptions.DefaultMaximumAge;

    public bool IsFresh(Authentication authentication, DateTimeOffset now) =>
        FreshProofAge is not { } age || now - authentication.At <= age;
}
