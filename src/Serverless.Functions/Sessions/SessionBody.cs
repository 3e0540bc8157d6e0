using System.Text.Json.Serialization;
using Serverless.Sessions.Presence;
using Serverless.Sessions.Sessions;

namespace Serverless.Functions.Sessions;

/// <summary>A session on the wire.</summary>
internal sealed record SessionBody
{
    public required string Id { get; init; }

    public required string? Device { get; init; }

    public required string? UserAgent { get; init; }

    public required string IpAddress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>Only where presence is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Only where presence is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Online { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>Whether it is the session that asked.</summary>
    public required bool Current { get; init; }

    public static SessionBody Of(Session session, bool current) => new()
    {
        Id = session.Id.ToString(),
        Device = session.Client.Device,
        UserAgent = session.Client.UserAgent,
        IpAddress = session.Client.IpAddress,
        CreatedAt = session.CreatedAt,
        LastActivityAt = session.LastActivityAt,
        ExpiresAt = session.ExpiresAt,
        AbsoluteExpiresAt = session.AbsoluteExpiresAt,
        Current = current,
    };

    public static SessionBody Of(ListedSession listed, bool current, PresenceOptions presence, DateTimeOffset now) =>
        Of(listed.Stored.Session, current) with
        {
            LastSeenAt = listed.LastSeenAt,
            Online = presence.IsOnline(listed.LastSeenAt, now),
        };
}

/// <summary>An account on the wire.</summary>
internal sealed record AccountBody(string Id, string Email, IReadOnlyList<string> Roles)
{
    public static AccountBody Of(Session session) => new(session.UserId.ToString(), session.Email.Value, session.Roles);
}
