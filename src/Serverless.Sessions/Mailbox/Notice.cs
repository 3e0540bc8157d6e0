using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Mailbox;

/// <summary>
/// What the service tells a user without being asked. It is stored in the transaction that makes it happen, so there is none
/// without its cause, and no cause without it.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="SessionId">To which session.</param>
/// <param name="Client">From which device and address.</param>
public sealed record Notice(NoticeKind Kind, DateTimeOffset At, SessionId SessionId, ClientInfo Client);

/// <summary>A notice as storage holds it.</summary>
/// <param name="Number">Sequence number among the user's notices, without gaps.</param>
/// <param name="Notice">The notice.</param>
public sealed record StoredNotice(int Number, Notice Notice);

/// <summary>What a notice tells.</summary>
public sealed record NoticeKind
{
    /// <summary>Somebody logged in from a device that the account doesn't know.</summary>
    public static readonly NoticeKind NewDevice = new("new_device");

    /// <summary>A session was ended because a spent refresh token was used: somebody may have a copy of it.</summary>
    public static readonly NoticeKind TokenReuse = new("token_reuse");

    private static readonly Dictionary<string, NoticeKind> ByName = new[] { NewDevice, TokenReuse }.ToDictionary(kind => kind.Name);

    private NoticeKind(string name) => Name = name;

    /// <summary>The name on the wire and in storage.</summary>
    public string Name { get; }

    /// <summary>The kind of that name; one that a newer version wrote keeps its name.</summary>
    public static NoticeKind Of(string name) => ByName.GetValueOrDefault(name) ?? new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
