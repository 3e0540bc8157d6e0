namespace Serverless.Sessions.Push;

/// <summary>What a user is told at once. <c>Name</c> is the name on the wire. <c>Topics</c> are what the user turns it on and off by;
/// none for what is always told. <c>Mail</c> is for those who chose one; null for what has none, or has one that everybody gets.
/// <c>Ends</c> is the reason of the sessions that end with it.</summary>
public sealed record AlertKind(string Name, AlertTopics Topics = AlertTopics.None, MailKind? Mail = null, EndReason? Ends = null)
{
    public static readonly AlertKind NewDevice = new("new_device", AlertTopics.NewDevice, MailKind.NewDevice);
    public static readonly AlertKind NewCountry = new("new_country", AlertTopics.NewCountry, MailKind.NewCountry);
    public static readonly AlertKind CountryChanged = new("country_changed", AlertTopics.NewCountry, Ends: EndReason.LocationChanged);
    public static readonly AlertKind ImpossibleTravel = new("impossible_travel", AlertTopics.ImpossibleTravel, MailKind.ImpossibleTravel);

    /// <summary>A login with the right proof that its location refused.</summary>
    public static readonly AlertKind LoginRefused = new(
        "login_refused", AlertTopics.NewDevice | AlertTopics.NewCountry | AlertTopics.ImpossibleTravel, MailKind.LoginRefused);

    public static readonly AlertKind TokenReuse = new("token_reuse", AlertTopics.TokenReuse, MailKind.TokenReuse, EndReason.TokenReuse);
    public static readonly AlertKind PasswordChanged = new("password_changed", Ends: EndReason.PasswordChanged);
    public static readonly AlertKind PasswordReset = new("password_reset", Ends: EndReason.PasswordReset);
    public static readonly AlertKind EmailChanged = new("email_changed");
    public static readonly AlertKind EmailTakenBack = new("email_taken_back", Ends: EndReason.EmailTakenBack);
    public static readonly AlertKind PasskeyAdded = new("passkey_added");

    // The most telling first.
    private static readonly AlertKind[] OfLogins = [ImpossibleTravel, NewCountry, NewDevice];

    public static IReadOnlyList<AlertKind> All { get; } =
    [
        NewDevice, NewCountry, CountryChanged, ImpossibleTravel, LoginRefused, TokenReuse, PasswordChanged, PasswordReset, EmailChanged,
        EmailTakenBack, PasskeyAdded,
    ];

    /// <summary>Whether it is a change of the account; the others are about a session or a login.</summary>
    public bool IsChange => Topics == AlertTopics.None;

    public static AlertKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    internal static AlertKind? Find(EndReason reason) => All.FirstOrDefault(kind => kind.Ends == reason);

    /// <summary>What a login is told as; null if there is nothing to tell.</summary>
    internal static AlertKind? OfLogin(AlertTopics topics) => Array.Find(OfLogins, kind => (kind.Topics & topics) != 0);

    /// <summary>What is told of it to somebody who wants some of its topics only: maybe less, and null if it is nothing.</summary>
    internal AlertKind? Among(AlertTopics wanted) => IsChange || (Topics & wanted) != 0 ? this : OfLogin(wanted);

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
