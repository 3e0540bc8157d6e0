using System.Collections.Immutable;

namespace Serverless.Tables.Tests.Invariants;

/// <summary>What the documents promise of a session, as plainly as possible: no storage, no versions, one thing after the other.</summary>
internal sealed record SessionModel
{
    public const string Strict = "strict";
    public static readonly SessionOptions Options = new();

    /// <summary>Stricter in all; with inactivity shorter than some steps, and lifetimes shorter than some others.</summary>
    public static readonly RolePolicy Policy = new()
    {
        IdleLifetime = TimeSpan.FromHours(3), AbsoluteLifetime = TimeSpan.FromHours(20), Inactivity = TimeSpan.FromHours(1), AllowRemember = false,
    };

    public required SessionId Id { get; init; }
    public required bool Remember { get; init; }
    public bool IsStrict { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastActivityAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }
    public EndReason ExpiryReason { get; init; } = EndReason.ExpiredIdle;
    public required DateTimeOffset NumberStartedAt { get; init; }
    public required DateTimeOffset AuthenticatedAt { get; init; }
    public required DateTimeOffset FiledUnder { get; init; }
    public int Number { get; init; }

    public ImmutableList<(AttemptHash? Attempt, DateTimeOffset At)> Spent { get; init; } = [];

    public DateTimeOffset? LastSeenAt { get; init; }
    public SessionEnd? Ending { get; init; }
    public bool IsPurged { get; init; }

    public int Generation => Spent.Count;

    public static SessionModel Opened(SessionId id, bool remember, DateTimeOffset now)
    {
        var expiresAt = now + (remember ? Options.RememberedIdleLifetime : Options.IdleLifetime);
        return new()
        {
            Id = id, Remember = remember, CreatedAt = now, LastActivityAt = now, LastSeenAt = now, NumberStartedAt = now,
            AuthenticatedAt = now, ExpiresAt = expiresAt, FiledUnder = expiresAt,
            AbsoluteExpiresAt = now + (remember ? Options.RememberedAbsoluteLifetime : Options.AbsoluteLifetime),
        };
    }

    public EndReason? OverAt(DateTimeOffset now) => IsPurged ? EndReason.Unknown : Ending?.Reason ?? ExpiredAt(now);

    public Outcome Refresh(RefreshToken token, AttemptHash? attempt, TimeSpan idleFor, DateTimeOffset now)
    {
        if (OverAt(now) is { } over)
            return new(this, $"over: {(IsPurged ? ExpiredAt(now, token.ExpiresAt, token.ExpiryReason, token.AbsoluteExpiresAt) ?? over : over)}");
        var generation = token.Generation;
        if (generation == Generation)
            return Rotate(attempt, idleFor, now);
        var isLostReply = generation == Generation - 1 && attempt is not null && attempt == Spent[generation].Attempt;
        var isWithinGrace = Generation - generation <= RotationTimes.Count && now - Spent[generation].At < Options.Grace;
        return isLostReply || isWithinGrace
            ? new(this, $"refreshed: {Generation}")
            : End(EndReason.TokenReuse, now) with { Result = "reused" };
    }

    public Outcome End(EndReason reason, DateTimeOffset now)
    {
        if (OverAt(now) is { } over)
            return new(this, $"over: {over}");
        var (action, error) = reason.Name switch
        {
            "revoked" or "password_changed" => ("session_revoked", reason.Name),
            "token_reuse" => ("token_reuse", "token_reuse"),
            "inactive" or "expired_absolute" => ("session_expired", reason.Name),
            _ => (reason.Name, null),
        };
        return new(this with { Ending = new(reason, now), LastSeenAt = null }, "ended", new(Id, action, error));
    }

    public Outcome StepUp(DateTimeOffset now) => OverAt(now) is { } over
        ? new(this, $"over: {over}")
        : new(this with { AuthenticatedAt = now }, "proved", new(Id, "stepped_up", null));

    public Outcome GiveRoles(bool strict, DateTimeOffset now) => OverAt(now) is not null || strict == IsStrict
        ? new(this)
        : new(this with { IsStrict = strict }, "", new(Id, "roles_changed", null));

    public Outcome Beat(DateTimeOffset now) => IsPurged || Ending is not null
        ? new(this, $"over: {OverAt(now)}")
        : new(this with { LastSeenAt = now }, "heard");

    public Outcome Purge(DateTimeOffset now)
    {
        if (IsPurged || HourOf(FiledUnder) >= HourOf(now))
            return new(this);
        if (ExpiredAt(now) is not { } expired)
            return new(this with { FiledUnder = ExpiresAt });
        var gone = this with { IsPurged = true, LastSeenAt = null };
        return Ending is null ? new(gone, "", new(Id, "session_expired", expired.Name)) : new(gone);
    }

    public override string ToString() => IsPurged
        ? "none"
        : Text(Generation, Number, AuthenticatedAt, LastActivityAt, ExpiresAt, ExpiryReason, AbsoluteExpiresAt, IsStrict, Generation == 0 ? null : Spent[^1].Attempt, Ending, LastSeenAt ?? CreatedAt);

    public static string Text(
        int generation, int number, DateTimeOffset proof, DateTimeOffset activity, DateTimeOffset expiry, EndReason reason,
        DateTimeOffset absolute, bool isStrict, AttemptHash? attempt, SessionEnd? ending, DateTimeOffset seen) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"generation {generation}, number {number}, proved {proof:O}, active {activity:O}, expires {expiry:O} {reason} {absolute:O}, strict {isStrict}, attempt {attempt}, ended {ending?.Reason} {ending?.At:O}, seen {seen:O}");

    /// <summary>Also what storage doesn't show, so that two models with the same text go on in the same way.</summary>
    public string ToFullText() => $"{this}, {string.Join(',', Spent.TakeLast(RotationTimes.Count))}, {NumberStartedAt:O}, {FiledUnder:O}";

    private Outcome Rotate(AttemptHash? attempt, TimeSpan idleFor, DateTimeOffset now)
    {
        var (idle, absolute) = Remember && !IsStrict
            ? (now + Options.RememberedIdleLifetime, CreatedAt + Options.RememberedAbsoluteLifetime)
            : (now + Options.IdleLifetime, CreatedAt + Options.AbsoluteLifetime);
        var reason = EndReason.ExpiredIdle;
        if (IsStrict)
        {
            absolute = CreatedAt + Policy.AbsoluteLifetime!.Value;
            (idle, reason) = (now + Policy.Inactivity!.Value - idleFor, EndReason.Inactive);
        }

        var expiresAt = idle < absolute ? idle : absolute;
        if (ExpiredAt(now, expiresAt, reason, absolute) is { } over)
            return End(over, now) with { Result = $"over: {over}" };
        var regenerates = now - NumberStartedAt >= TimeSpan.FromHours(24);
        var next = this with
        {
            Spent = Spent.Add((attempt, now)),
            LastActivityAt = now,
            ExpiresAt = expiresAt,
            ExpiryReason = reason,
            AbsoluteExpiresAt = absolute,
            Number = regenerates ? Number + 1 : Number,
            NumberStartedAt = regenerates ? now : NumberStartedAt,
        };
        return new(next, $"refreshed: {next.Generation}", new(Id, regenerates ? "session_regenerated" : "token_refresh", null));
    }

    private EndReason? ExpiredAt(DateTimeOffset now) => ExpiredAt(now, ExpiresAt, ExpiryReason, AbsoluteExpiresAt);

    private static EndReason? ExpiredAt(DateTimeOffset now, DateTimeOffset expiresAt, EndReason reason, DateTimeOffset absolute) =>
        now < expiresAt ? null : expiresAt < absolute ? reason : EndReason.ExpiredAbsolute;

    private static long HourOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;
}

/// <param name="Entry">The log entry that goes with the change; none without a change.</param>
internal sealed record Outcome(SessionModel Next, string Result = "", LogLine? Entry = null);

internal sealed record LogLine(SessionId? Session, string Action, string? Error);
