namespace Serverless.Functions.Sessions;

[Description("One login on one device.")]
internal sealed record SessionBody
{
    [RegularExpression(Pattern.Id), Description("Stays the same for the life of the session.")]
    public required string Id { get; init; }

    [Description("The user's own name for the device, or one derived from its browser and system.")]
    public required string? Device { get; init; }

    [Description("At most its first 256 characters.")]
    public required string? UserAgent { get; init; }

    [Description("The address of the login, or `unknown`.")]
    public required string IpAddress { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The last login or refresh.")]
    public required DateTimeOffset LastActivityAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The last heartbeat, or the login; absent in a status.")]
    public DateTimeOffset? LastSeenAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Whether a heartbeat came within the last 10 seconds (section Presence); absent in a status.")]
    public bool? Online { get; init; }

    [Description("When it expires unless refreshed.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [Description("When it expires in any case.")]
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    [Description("Whether the request was made with this session.")]
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

[Description("An account, as its user sees it.")]
internal sealed record AccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles)
{
    public static AccountBody Of(Session session) => new(session.UserId.ToString(), session.Email.Value, session.Roles);
}
