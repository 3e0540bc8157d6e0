namespace Serverless.Sessions.Timeline;

public sealed record SecurityEventKind
{
    /// <summary>An address made more login attempts than its users would need.</summary>
    public static readonly SecurityEventKind AddressFlagged = new("address_flagged");

    /// <summary>A spent refresh token was used again: someone may have a copy.</summary>
    public static readonly SecurityEventKind TokenReuse = new("token_reuse");

    public static readonly SecurityEventKind AccountLocked = new("account_locked");

    public static readonly SecurityEventKind NewDevice = new("new_device");

    /// <summary>An account was logged in to from too many addresses within a short time.</summary>
    public static readonly SecurityEventKind LoginBurst = new("login_burst");

    /// <summary>Logins of an account failed from too many addresses within a short time.</summary>
    public static readonly SecurityEventKind FailedLoginBurst = new("failed_login_burst");

    private SecurityEventKind(string name) => Name = name;

    public static IReadOnlyList<SecurityEventKind> All { get; } =
        [AddressFlagged, TokenReuse, AccountLocked, NewDevice, LoginBurst, FailedLoginBurst];

    /// <summary>The name on the wire and in storage.</summary>
    public string Name { get; }

    public static SecurityEventKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    public override string ToString() => Name;
}
