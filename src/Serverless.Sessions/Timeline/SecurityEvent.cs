namespace Serverless.Sessions.Timeline;

/// <summary>An incident to look at. Id and time derive from the evidence, so finding it again yields the same event.
/// <c>AddressGroup</c> is the last of several; <c>UserId</c> is null for an address, <c>Evidence</c> for a single incident and
/// <c>Delivery</c> without a webhook. The outbox message created at <c>ScheduledAt</c> sends it.</summary>
public sealed record SecurityEvent(
    Guid Id, SecurityEventKind Kind, DateTimeOffset At, string AddressGroup, UserId? UserId = null, SessionId? SessionId = null,
    SecurityEvidence? Evidence = null, DeliveryState? Delivery = null, DateTimeOffset? ScheduledAt = null)
{
    /// <summary>Where the address is; null if that isn't known, or for an event without one.</summary>
    public string? Country { get; init; }

    /// <summary>Of a new country, an impossible travel or a changed country.</summary>
    public LocationChange? Change { get; init; }

    /// <summary>Its place in the lists, and the key of its outbox message.</summary>
    public LogPosition Position => new(At, Id);

    public static SecurityEvent Of(SecurityEventKind kind, Activity activity, SecurityEvidence? evidence = null) => new(
        IdOf(kind, $"{activity.Id:N}"), kind, activity.At, activity.AddressGroup, activity.UserId, activity.SessionId, evidence)
    {
        Country = activity.Country,
        Change = kind == SecurityEventKind.ImpossibleTravel ? activity.Change
            : kind == SecurityEventKind.NewCountry && activity.Change is { } change ? new(change.From, change.To)
            : null,
    };

    /// <summary>One event for as long as new evidence overlaps: neither its id nor its time moves as evidence grows.</summary>
    public static SecurityEvent Of(SuspiciousIp flag) => new(
        IdOf(SecurityEventKind.AddressFlagged, $"{flag.AddressGroup}:{flag.Since.UtcTicks}"),
        SecurityEventKind.AddressFlagged, flag.ExceededAt, flag.AddressGroup, Evidence: flag.Evidence);

    /// <summary>Mails created in an hour exceeded its limit.</summary>
    public static SecurityEvent OfMailLimit(DateTimeOffset hour) => new(
        IdOf(SecurityEventKind.MailLimitReached, $"{hour.UtcTicks}"), SecurityEventKind.MailLimitReached, hour, IpAddressGroup.Unknown);

    /// <summary>At the time that the mail was promised; the address group is unknown.</summary>
    public static SecurityEvent OfMail(MailIntent given, UserId? userId) => new(
        IdOf(SecurityEventKind.MailUndeliverable, $"{given.Id:N}"),
        SecurityEventKind.MailUndeliverable, given.CreatedAt, IpAddressGroup.Unknown, userId);

    /// <summary>Names nobody: neither is the user in it, nor can its id be traced back.</summary>
    public static SecurityEvent OfErasure(UserId user, DateTimeOffset at) => new(
        IdOf(SecurityEventKind.AccountErased, $"{user}"), SecurityEventKind.AccountErased, at, IpAddressGroup.Unknown);

    /// <param name="challenge">The digest of the challenge that was signed.</param>
    /// <param name="user">Whose passkey it is.</param>
    /// <param name="session">Null at a login.</param>
    /// <param name="addressGroup">Where it came from.</param>
    /// <param name="at">When it was refused.</param>
    public static SecurityEvent OfClone(string challenge, UserId user, SessionId? session, string addressGroup, DateTimeOffset at) =>
        new(IdOf(SecurityEventKind.PasskeyCloned, challenge), SecurityEventKind.PasskeyCloned, at, addressGroup, user, session);

    /// <summary>Once for a generation, however often its token is sent: at the time of the use before.</summary>
    public static SecurityEvent OfCountryChange(RefreshToken token, LocationChange change, string addressGroup) => new(
        IdOf(SecurityEventKind.CountryChanged, $"{token.SessionId}:{token.Generation}"),
        SecurityEventKind.CountryChanged, token.LocatedAt, addressGroup, token.UserId, token.SessionId)
    {
        Country = change.To,
        Change = change,
    };

    public SecurityEvent Anonymous() =>
        this with { AddressGroup = IpAddressGroup.Unknown, UserId = null, SessionId = null, Country = null, Change = null };

    internal static Guid IdOf(SecurityEventKind kind, string about) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{about}")).AsSpan(0, 16));
}

/// <summary>Login attempts within a window, by how many emails and addresses; an IPv6 /64 is one address.</summary>
public sealed record SecurityEvidence(
    TimeSpan Window, int Count, int Failures, int DistinctAccounts, int DistinctAddresses,
    DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    internal static SecurityEvidence Of(TimeSpan window, IReadOnlyList<Activity> attempts) => new(
        window, attempts.Count, attempts.Count(attempt => attempt.Kind == ActivityKind.FailedLogin),
        attempts.Select(attempt => attempt.AccountKey).OfType<AccountKey>().Distinct().Count(),
        attempts.Select(attempt => attempt.AddressGroup).Distinct().Count(), attempts[0].At, attempts[^1].At);
}

/// <summary>A dead letter wasn't accepted and isn't retried any more.</summary>
public enum DeliveryState { Pending, Delivered, DeadLetter }

/// <summary><c>Name</c> is the name on the wire and in storage.</summary>
public sealed record SecurityEventKind(string Name)
{
    public static readonly SecurityEventKind AddressFlagged = new("address_flagged");
    public static readonly SecurityEventKind TokenReuse = new("token_reuse");
    public static readonly SecurityEventKind AccountLocked = new("account_locked");
    public static readonly SecurityEventKind NewDevice = new("new_device");
    public static readonly SecurityEventKind LoginBurst = new("login_burst");
    public static readonly SecurityEventKind FailedLoginBurst = new("failed_login_burst");
    public static readonly SecurityEventKind MailLimitReached = new("mail_limit_reached");
    public static readonly SecurityEventKind MailUndeliverable = new("mail_undeliverable");
    public static readonly SecurityEventKind AccountErased = new("account_erased");
    public static readonly SecurityEventKind PasskeyCloned = new("passkey_cloned");

    public static readonly SecurityEventKind NewCountry = new("new_country");
    public static readonly SecurityEventKind ImpossibleTravel = new("impossible_travel");
    public static readonly SecurityEventKind CountryChanged = new("country_changed");

    public static IReadOnlyList<SecurityEventKind> All { get; } =
    [
        AddressFlagged, TokenReuse, AccountLocked, NewDevice, LoginBurst, FailedLoginBurst, MailLimitReached, MailUndeliverable,
        AccountErased, PasskeyCloned, NewCountry, ImpossibleTravel, CountryChanged,
    ];

    public static SecurityEventKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    public override string ToString() => Name;
}

/// <summary>Records a security event and, if there is a webhook, sends it by the outbox.</summary>
public sealed class RaiseSecurityEvent(
    ISecurityEventStore store, IOutboxStore outbox, OutboxQueue queue, TimeProvider clock, ILogger<RaiseSecurityEvent> log,
    IWebhook? webhook = null)
{
    /// <summary>Returns false if the event was already recorded.</summary>
    public async Task<bool> ExecuteAsync(SecurityEvent raised, CancellationToken cancellationToken)
    {
        // Logged before it is written, so a crash in between logs it twice rather than never. Locks, reuses and flags are logged
        // when they happen.
        var (kind, user, evidence) = (raised.Kind, $"{raised.UserId}", raised.Evidence);
        var minutes = (int)(evidence?.Window ?? default).TotalMinutes;
        if (kind == SecurityEventKind.NewDevice)
            log.NewDevice($"{raised.SessionId}", user, MaskedAddress.Of(raised.AddressGroup));
        if (raised.Change is { } change)
            log.LocationSuspicious($"{kind}", user, $"{raised.SessionId}", MaskedAddress.Of(raised.AddressGroup), change.From, change.To);
        if (kind == SecurityEventKind.LoginBurst && evidence is not null)
            log.LoginBurst(user, evidence.Count, minutes, evidence.DistinctAddresses);
        if (kind == SecurityEventKind.FailedLoginBurst && evidence is not null)
            log.FailedLoginBurst(user, evidence.Count, minutes, evidence.DistinctAddresses);
        if (kind == SecurityEventKind.MailLimitReached)
            log.MailLimitReached(raised.At);
        if (webhook is null)
            return await store.TryAddAsync(raised, cancellationToken);
        var due = OutboxDue.New(raised.Id, OutboxChannel.Webhook, $"{raised.Position}", clock.Now());
        await outbox.ScheduleAsync(due, cancellationToken);
        var pending = raised with { Delivery = DeliveryState.Pending, ScheduledAt = due.CreatedAt };
        if (!await store.TryAddAsync(pending, cancellationToken))
            return false;
        queue.Post(due);
        return true;
    }
}
