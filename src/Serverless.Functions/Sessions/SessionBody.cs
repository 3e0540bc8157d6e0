namespace Serverless.Functions.Sessions;

[Description("One login on one device.")]
internal sealed record SessionBody
{
    [RegularExpression(Pattern.Id), Description("The same for the whole life of the session.")]
    public required string Id { get; init; }

    [Description("The user's own name for it, or one made of its browser and system.")]
    public required string? Device { get; init; }

    [Description("At most 256 characters of it.")]
    public required string? UserAgent { get; init; }

    [Description("The address of the login, or `unknown`.")]
    public required string IpAddress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The last login or refresh.")]
    public required DateTimeOffset LastActivityAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The last sign of life; absent in a status.")]
    public DateTimeOffset? LastSeenAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Whether a heartbeat came within the last 10 seconds (section Presence); absent in a status.")]
    public bool? Online { get; init; }

    [Description("Unless it is refreshed before.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [Description("However often it is refreshed.")]
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    [Description("Whether it is the session that asked.")]
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

[Description("An account as its user sees it.")]
internal sealed record AccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles)
{
    public static AccountBody Of(Session session) => new(session.UserId.ToString(), session.Email.Value, session.Roles);
}
