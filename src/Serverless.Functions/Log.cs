namespace Serverless.Functions;

/// <summary>Log messages of the app. Event ids are stable: operators alert on them.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "{Function} answered 503: {Why}")]
    public static partial void StorageUnavailable(this ILogger log, string function, string why);

    [LoggerMessage(1002, LogLevel.Warning, "{Function} answered 503: too many passwords are waiting to be checked")]
    public static partial void Busy(this ILogger log, string function);

    [LoggerMessage(1003, LogLevel.Error, "{Function} failed")]
    public static partial void Failed(this ILogger log, string function, Exception exception);

    [LoggerMessage(1004, LogLevel.Warning, "The signing keys can't be read yet: {Why}")]
    public static partial void KeysNotReady(this ILogger log, string why);

    [LoggerMessage(1007, LogLevel.Warning, "{Function} answered 503: {Why}")]
    public static partial void CaptchaUnavailable(this ILogger log, string function, string why);

    [LoggerMessage(1010, LogLevel.Warning,
        "X-Forwarded-For has fewer entries than the {Hops} proxies of Network__TrustedProxyHops, so the caller's address is unknown, "
        + "and neither rate limited nor flagged; logged once")]
    public static partial void AddressUnknown(this ILogger log, int hops);

    [LoggerMessage(1014, LogLevel.Critical, "Configuration error, so the app does nothing: {Sentences}")]
    public static partial void Misconfigured(this ILogger log, string sentences);

    [LoggerMessage(1015, LogLevel.Warning, "Message {Id} wasn't sent right away and is left to the timer: {Why}")]
    public static partial void NotSentAtOnce(this ILogger log, string id, string why);

    [LoggerMessage(1034, LogLevel.Information, "A device wasn't told by push why it was logged out: {Why}")]
    public static partial void FarewellLost(this ILogger log, string why);

    [LoggerMessage(1018, LogLevel.Error,
        "The mail server refuses Email__SmtpUser or Email__SmtpPassword with status {Status}, so no mail is sent; the mails wait")]
    public static partial void MailLoginRefused(this ILogger log, int status);

    [LoggerMessage(1019, LogLevel.Warning, "The mail template {File} can't be used, so English is; logged once per instance: {Why}")]
    public static partial void TemplateUnusable(this ILogger log, string file, string why);

    [LoggerMessage(1020, LogLevel.Warning,
        "Security: libsodium can't be loaded, so new passwords are hashed with PBKDF2 instead of Argon2id: {Why}")]
    public static partial void Argon2Unavailable(this ILogger log, string why);

    [LoggerMessage(1022, LogLevel.Warning, "{Function} answered 503: {Why}")]
    public static partial void BreachedListUnavailable(this ILogger log, string function, string why);

    [LoggerMessage(1032, LogLevel.Warning, "Addresses can't be located by Location__Database as it is now: {Why}")]
    public static partial void LocationsUnavailable(this ILogger log, string why);

    [LoggerMessage(1033, LogLevel.Warning,
        "The database of locations was made on {Date:yyyy-MM-dd}, more than half a year ago, so some locations are wrong")]
    public static partial void LocationsOld(this ILogger log, DateOnly date);

    [LoggerMessage(2002, LogLevel.Information, "Security: administrator {UserId} acknowledged a flagged address in {Network}")]
    public static partial void FlagAcknowledged(this ILogger log, string userId, string network);

    [LoggerMessage(2004, LogLevel.Information,
        "Security: administrator {UserId} undid the acknowledgement of a flagged address in {Network}")]
    public static partial void FlagUnacknowledged(this ILogger log, string userId, string network);

    [LoggerMessage(2010, LogLevel.Information, "Security: session {SessionId} of user {UserId} was started")]
    public static partial void LoggedIn(this ILogger log, string sessionId, string userId);

    [LoggerMessage(2011, LogLevel.Information, "Security: wrong password or unknown email from {Network}")]
    public static partial void LoginFailed(this ILogger log, string network);

    [LoggerMessage(2012, LogLevel.Warning, "Security: an email is locked after failures; an attempt from {Network} was refused")]
    public static partial void LoginLocked(this ILogger log, string network);

    [LoggerMessage(2013, LogLevel.Warning,
        "Security: refreshes were refused: {Reason}, {Count} times since the last entry with this reason; logged at most once a minute")]
    public static partial void RefreshRefused(this ILogger log, string reason, int count);

    [LoggerMessage(2014, LogLevel.Information, "Security: user {UserId} proved again who they are, in session {SessionId}")]
    public static partial void SteppedUp(this ILogger log, string sessionId, string userId);

    [LoggerMessage(2020, LogLevel.Information, "Security: user {UserId} registered from {Network}")]
    public static partial void Registered(this ILogger log, string userId, string network);

    [LoggerMessage(2027, LogLevel.Information, "Security: user {UserId} changed the password")]
    public static partial void PasswordChanged(this ILogger log, string userId);

    [LoggerMessage(2035, LogLevel.Information, "Security: user {UserId} verified an email by a link, from {Network}")]
    public static partial void EmailVerified(this ILogger log, string userId, string network);

    [LoggerMessage(2036, LogLevel.Information, "Security: user {UserId} reset the password by a link, from {Network}")]
    public static partial void PasswordReset(this ILogger log, string userId, string network);

    [LoggerMessage(2028, LogLevel.Warning,
        "Security: the audit chain of session {SessionId} of user {UserId} is broken: {Break}; broken chains of the user: {Count}")]
    public static partial void AuditBroken(this ILogger log, string sessionId, string userId, string @break, int count);

    [LoggerMessage(2029, LogLevel.Warning,
        "Security: the audit chain of session {SessionId} of user {UserId} is made with a key that isn't on the ring; "
        + "such chains of the user: {Count}")]
    public static partial void AuditKeyUnknown(this ILogger log, string sessionId, string userId, int count);

    [LoggerMessage(2040, LogLevel.Information,
        "Security: administrator {AdministratorId} imported accounts: {Created} created, {Existing} existed, {Refused} lines refused")]
    public static partial void AccountsImported(this ILogger log, string administratorId, int created, int existing, int refused);

    [LoggerMessage(2051, LogLevel.Information, "Security: user {UserId} closed the account")]
    public static partial void AccountClosed(this ILogger log, string userId);

    [LoggerMessage(2055, LogLevel.Information, "Security: user {UserId} exported {Bytes} bytes of personal data; complete: {Complete}")]
    public static partial void DataExported(this ILogger log, string userId, long bytes, bool complete);

    [LoggerMessage(2060, LogLevel.Information, "Security: user {UserId} added a passkey")]
    public static partial void PasskeyAdded(this ILogger log, string userId);

    [LoggerMessage(2061, LogLevel.Information, "Security: user {UserId} removed a passkey")]
    public static partial void PasskeyRemoved(this ILogger log, string userId);

    [LoggerMessage(2062, LogLevel.Information, "Security: a passkey from {Network} was refused: {Reason}")]
    public static partial void PasskeyRefused(this ILogger log, string network, string reason);

    [LoggerMessage(2064, LogLevel.Information, "Security: user {UserId} keeps a passkey after a review")]
    public static partial void PasskeyKept(this ILogger log, string userId);

    [LoggerMessage(3001, LogLevel.Information,
        "Purge: {Expired} expired, {Ended} already ended, {Refiled} still active, {Missing} missing, "
        + "{Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void Purged(this ILogger log, int expired, int ended, int refiled, int missing, int unreadable, bool finished);

    [LoggerMessage(3002, LogLevel.Information,
        "Suspicious addresses: {Attempts} login attempts, {Flagged} addresses flagged, {Removed} expired flags removed, "
        + "{Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void Flagged(this ILogger log, int attempts, int flagged, int removed, int unreadable, bool finished);

    [LoggerMessage(3003, LogLevel.Information,
        "Keys: {SigningAdded} signing keys created and {SigningRemoved} removed, {MacAdded} MAC keys created and {MacRemoved} removed, "
        + "{AuditAdded} audit keys created, {Unreadable} rows unreadable")]
    public static partial void KeysRotated(
        this ILogger log, int signingAdded, int signingRemoved, int macAdded, int macRemoved, int auditAdded, int unreadable);

    [LoggerMessage(3004, LogLevel.Information,
        "Statistics: {Hours} hours rolled up, {Activities} activities counted, {Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void RolledUp(this ILogger log, int hours, int activities, int unreadable, bool finished);

    [LoggerMessage(3005, LogLevel.Information,
        "Retention: {Entries} log entries, {Notices} notices, {Messages} messages, {Activities} activities, "
        + "{Revocations} revocations and {Days} days of statistics removed, {Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void OldLogsPurged(
        this ILogger log, int entries, int notices, int messages, int activities, int revocations, int days, int unreadable, bool finished);

    [LoggerMessage(3006, LogLevel.Information,
        "Alerts: {Changes} account changes finished, {Raised} security events raised, {Removed} old events removed, "
        + "{Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void AlertsRaised(this ILogger log, int changes, int raised, int removed, int unreadable, bool finished);

    [LoggerMessage(3007, LogLevel.Information,
        "Outbox: {Sent} messages sent, {Failed} to be retried, {GivenUp} dead letters, {Postponed} past the limit of their hour, "
        + "{Unreadable} rows unreadable; finished: {Finished}")]
    public static partial void OutboxSent(
        this ILogger log, int sent, int failed, int givenUp, int postponed, int unreadable, bool finished);

    [LoggerMessage(4001, LogLevel.Information, "The account of section {Section} is ready")]
    public static partial void SeedReady(this ILogger log, string section);

    [LoggerMessage(4002, LogLevel.Warning,
        "Security: the account of section {Section} was disabled or without the role admin; "
        + "it is enabled now, with the role and the password of the settings")]
    public static partial void SeedRestored(this ILogger log, string section);

    [LoggerMessage(4003, LogLevel.Warning, "The account of section {Section} can't be created yet; retrying: {Why}")]
    public static partial void SeedWaits(this ILogger log, string section, string why);

    [LoggerMessage(4005, LogLevel.Warning,
        "The account of section {Section} isn't created or changed, since its password is refused: {Why}")]
    public static partial void SeedRefused(this ILogger log, string section, string why);

    [LoggerMessage(4004, LogLevel.Warning, "The setting {Name} is unknown and has no effect; the nearest known name is {Nearest}")]
    public static partial void SettingUnknown(this ILogger log, string name, string nearest);

    [LoggerMessage(4006, LogLevel.Information, "There are policies for the roles {Roles}; users with other roles have none")]
    public static partial void PoliciesApply(this ILogger log, string roles);

    [LoggerMessage(4007, LogLevel.Warning,
        "There is a policy for the role {Role}, which reads nearly like {Nearest}; it applies to users of exactly that role")]
    public static partial void PolicyRoleDoubtful(this ILogger log, string role, string nearest);
}
