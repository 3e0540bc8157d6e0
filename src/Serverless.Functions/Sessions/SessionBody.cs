namespace Serverless.Functions.Sessions;

[Description("One login on one device.")]
internal sealed record SessionBody(
    [RegularExpression(Pattern.Id), Description("Stays the same for the life of the session.")] string Id,
    [Description("The user's own name for the device, or one derived from its browser and system.")] string? Device,
    [Description("At most its first 256 characters.")] string? UserAgent,
    [Description("The address of the login, or `unknown`.")] string IpAddress,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Where the last login or refresh came from; absent if unknown.")]
    LocationBody? Location,
    DateTimeOffset CreatedAt,
    [Description("The last login or refresh.")] DateTimeOffset LastActivityAt,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The last heartbeat, or the login; absent in a status.")]
    DateTimeOffset? LastSeenAt,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("Whether a heartbeat came within the last 10 seconds (section Presence); absent in a status.")] bool? Online,
    [Description("When it expires unless refreshed.")] DateTimeOffset ExpiresAt,
    [Description("When it expires in any case.")] DateTimeOffset AbsoluteExpiresAt,
    [Description("Whether the request was made with this session.")] bool Current)
{
    public static SessionBody Of(Session session, bool current) => new(
        session.Id.ToString(), session.Client.Device, session.Client.UserAgent, session.Client.IpAddress,
        LocationBody.Of(session.Client.Location), session.CreatedAt, session.LastActivityAt, LastSeenAt: null, Online: null,
        session.ExpiresAt, session.AbsoluteExpiresAt, current);
}

[Description("An account, as its user sees it.")]
internal sealed record AccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles)
{
    public static AccountBody Of(Session session) => new(session.UserId.ToString(), session.Email.Value, session.Roles);
    public static AccountBody Of(Account account) => new(account.Id.ToString(), account.Email.Value, account.Roles);
}
