namespace Serverless.Sessions.Push;

/// <summary>What a user is told at once. <c>Name</c> is the name on the wire. <c>Topic</c> is what the user turns it on and off by;
/// none for what is always told. <c>Mail</c> is for those who chose one; null for what has none, or has one that everybody gets.
/// <c>Ends</c> is the reason of the sessions that end with it.</summary>
public sealed record AlertKind(string Name, AlertTopics Topic = AlertTopics.None, MailKind? Mail = null, EndReason? Ends = null)
{
    public static readonly AlertKind NewDevice = new("new_device", AlertTopics.NewDevice, MailKind.NewDevice);
    public static readonly AlertKind NewCountry = new("new_country", AlertTopics.NewCountry, MailKind.NewCountry);
    public static readonly AlertKind CountryChanged = new("country_changed", AlertTopics.NewCountry);
    public static readonly AlertKind ImpossibleTravel = new("impossible_travel", AlertTopics.ImpossibleTravel, MailKind.ImpossibleTravel);
    public static readonly AlertKind TokenReuse = new("token_reuse", AlertTopics.TokenReuse, MailKind.TokenReuse, EndReason.TokenReuse);
    public static readonly AlertKind PasswordChanged = new("password_changed", Ends: EndReason.PasswordChanged);
    public static readonly AlertKind PasswordReset = new("password_reset", Ends: EndReason.PasswordReset);
    public static readonly AlertKind EmailChanged = new("email_changed");
    public static readonly AlertKind EmailTakenBack = new("email_taken_back", Ends: EndReason.EmailTakenBack);
    public static readonly AlertKind PasskeyAdded = new("passkey_added");

    public static IReadOnlyList<AlertKind> All { get; } =
    [
        NewDevice, NewCountry, CountryChanged, ImpossibleTravel, TokenReuse, PasswordChanged, PasswordReset, EmailChanged, EmailTakenBack,
        PasskeyAdded,
    ];

    /// <summary>Whether it is a change of the account, which has a log entry of this name; the others are about a session.</summary>
    public bool IsChange => Topic == AlertTopics.None;

    public static AlertKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    public override string ToString() => Name;
}

/// <summary>What a user may choose to be told of. Stored as a number.</summary>
[Flags]
public enum AlertTopics
{
    None = 0,
    NewDevice = 1,
    NewCountry = 2,
    ImpossibleTravel = 4,
    TokenReuse = 8,
}

/// <summary>What differs from the default: nothing by mail, everything by push.</summary>
public readonly record struct NotificationChoices(AlertTopics Mailed, AlertTopics Unpushed);
