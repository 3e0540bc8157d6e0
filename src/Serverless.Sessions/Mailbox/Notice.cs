namespace Serverless.Sessions.Mailbox;

/// <summary>Stored in the transaction that causes it: neither exists without the other. <c>SessionId</c> is null where no session was
/// opened.</summary>
public sealed record Notice(NoticeKind Kind, DateTimeOffset At, SessionId? SessionId, ClientInfo Client);

/// <summary><c>Number</c> is a sequence number among the user's notices, without gaps.</summary>
public sealed record StoredNotice(int Number, Notice Notice);

/// <summary><c>Name</c> is the name on the wire and in storage, which may be unknown, from a newer version.</summary>
public sealed record NoticeKind(string Name)
{
    public static readonly NoticeKind NewDevice = new("new_device");
    public static readonly NoticeKind TokenReuse = new("token_reuse");
    public static readonly NoticeKind NewCountry = new("new_country");
    public static readonly NoticeKind ImpossibleTravel = new("impossible_travel");
    public static readonly NoticeKind CountryChanged = new("country_changed");

    /// <summary>A login with the right proof that its location refused.</summary>
    public static readonly NoticeKind LoginRefused = new("login_refused");

    public static readonly NoticeKind PasskeyAdded = new("passkey_added");
    public static readonly NoticeKind PasskeyCloned = new("passkey_cloned");

    public override string ToString() => Name;
}
