namespace Serverless.Sessions.Accounts;

/// <summary><c>PasswordHash</c> is null if no password opens sessions; <c>Epoch</c> changes with email, password, roles and state,
/// so that logins under way decide anew; <c>PendingChange</c> is the last change until its follow-up is complete;
/// <c>Version</c> is null for a new account.</summary>
public sealed record Account(
    UserId Id, Email Email, PasswordHash? PasswordHash, IReadOnlyList<string> Roles, AccountState State, Ulid Epoch,
    DateTimeOffset CreatedAt, AccountChange? PendingChange = null, KnownDevices Devices = default, RowVersion? Version = null)
{
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>Whether it was registered with a passkey instead of a password, and has had none since. One that lost its password isn't:
    /// a mail may always set another.</summary>
    public bool IsPasskeyOnly { get; init; }

    /// <summary>Whether it was registered with a passkey, without a link to its address, or came to its address by a change of email, and
    /// no password has been reset by a link since. Nothing tells that its passkeys are the owner's of the address: to verify it says whose
    /// the address is, and not whose they are.</summary>
    public bool HasUnprovedPasskeys { get; init; }

    /// <summary>Whether its email is in the <see cref="IEmailIndex"/>.</summary>
    public bool IsIndexed { get; init; }

    /// <summary>When an account that is closing, or disabled, is erased; null if it isn't to be.</summary>
    public DateTimeOffset? EraseAt { get; init; }

    /// <summary>Down to here the security events of an account that is being erased no longer name it.</summary>
    public DateTimeOffset? ErasedBackTo { get; init; }

    /// <summary>The countries of its logins, by which a new one is recognized.</summary>
    public KnownPlaces Places { get; init; }

    /// <summary>About where its last login came from: it is replaced when one comes from elsewhere.</summary>
    public Location? LastLocation { get; init; }

    /// <summary>The language of its mails, as a primary tag of BCP 47.</summary>
    public string? Language { get; init; }

    public NotificationChoices Notifications { get; init; }

    /// <summary>The account, under another address of the same user, that replaces this one, or is about to.</summary>
    public AccountKey? MovedTo { get; init; }

    /// <summary>A new one, whose creation is its pending change. A null <paramref name="by"/> is the service itself.</summary>
    internal static Account New(
        Email email, PasswordHash? hash, IReadOnlyList<string> roles, Actor? by, bool isVerified, DateTimeOffset now) => new(
        UserId.New(now), email, hash, roles, AccountState.Active, Ulid.New(now), CreatedAt: now,
        PendingChange: new(now, LogAction.AccountCreated, By: by))
        {
            EmailVerifiedAt = isVerified ? now : null,
            IsIndexed = true,
            Language = by?.Client?.Language,
        };

    internal Account With(Location location, DateTimeOffset now) => this with
    {
        Places = Places.With(location.Country, now),
        LastLocation = LastLocation is { } last && !LocationRules.Differ(last, location) ? last : location,
    };

    /// <summary>Whether a change or a move of it isn't complete.</summary>
    internal bool IsUnfinished => PendingChange is not null || (MovedTo is not null && State != AccountState.Moved);

    /// <summary>Until then the address of a moved account stays reserved, so that the move can be taken back, and that of one being erased,
    /// so that what requests under way write about it is found.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>The changes of email that can be taken back, oldest first; of a moved account, only its own. Each is the epoch that it
    /// opened. Taking one back takes back those after it, too.</summary>
    public IReadOnlyList<Ulid> Departures { get; init; } = [];

    // One more change has to wait: if it pushed out the oldest, a thief could move on until the owner can't take the account back.
    internal bool MayDepartAt(DateTimeOffset now) => DeparturesAt(now).Count() < 16;

    // A link may be written later than its change, so the change is kept for twice as long as the link.
    internal IEnumerable<Ulid> DeparturesAt(DateTimeOffset now) =>
        Departures.Where(departure => departure.Time + (2 * AccountToken.TakeBackLifetime) > now);

    internal Account WithPassword(PasswordHash hash) => this with { PasswordHash = hash, IsPasskeyOnly = false };

    internal bool IsRestorableAt(DateTimeOffset now) => State == AccountState.Closing && EraseAt > now;

    /// <summary>Whether its user may get in by a mail: a thief who closed it must not keep the owner out until it is erased.</summary>
    internal bool IsRecoverableAt(DateTimeOffset now) => State == AccountState.Active || IsRestorableAt(now);

    internal bool IsToEraseAt(DateTimeOffset now) =>
        State == AccountState.Erasing || (State is AccountState.Closing or AccountState.Disabled && EraseAt <= now);
}

/// <summary>Only an active account opens sessions. A moved one reserves its address for the user; an erasing one is all that is
/// left until the rest is removed.</summary>
public enum AccountState
{
    Active,
    Disabled,
    Closing,
    Erasing,
    Moved,
}

/// <summary>The follow-up of an account change: its log entry, and its effect on the sessions. <c>Action</c> is null if only
/// sessions change, which have entries of their own; <c>Ends</c>, if they continue; <c>By</c>, for the service itself;
/// <c>Closes</c>, for a new account. <c>Except</c> is the session to keep: the one that requested the change. <c>From</c> is the
/// address that the account is moving from.</summary>
public sealed record AccountChange(
    DateTimeOffset At, LogAction? Action = null, EndReason? Ends = null, SessionId? Except = null, Actor? By = null,
    Ulid? Closes = null, AccountKey? From = null)
{
    /// <summary>How long a thief may have had the account before its owner takes it back.
    /// A change of email can be taken back for as long.</summary>
    private static readonly TimeSpan Suspect = TimeSpan.FromDays(7);

    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The passkeys that were added since then are removed, since a thief may have added them; null for none.</summary>
    public DateTimeOffset? PasskeysSince { get; init; }

    /// <summary>Whether all passkeys wait for their user's review, since a thief may have added them.</summary>
    public bool ReviewsPasskeys { get; init; }

    /// <summary>For all of them, as a time that storage holds.</summary>
    public static readonly DateTimeOffset EverySince = DateTimeOffset.UnixEpoch;

    /// <summary>Removes the passkeys that were added since shortly before a thief showed.</summary>
    public AccountChange WithoutPasskeysOf(DateTimeOffset theft) => this with { PasskeysSince = theft - Suspect };

    public LogEntry? ToEntry() => Action is null ? null : new(Action, At, Except, By?.Client, By?.Administrator) { Id = Id };
}
