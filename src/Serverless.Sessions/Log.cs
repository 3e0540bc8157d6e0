namespace Serverless.Sessions;

/// <summary>Log messages of the use cases. Event ids are stable, and unique across the app.</summary>
internal static partial class Log
{
    [LoggerMessage(1005, LogLevel.Warning, "The signing keys can't be reloaded; the current ones stay in use: {Why}")]
    public static partial void KeysNotReloaded(this ILogger log, string why);

    [LoggerMessage(1013, LogLevel.Error,
        "A row can't be read and is skipped: {Row} in partition {Partition} of table {Table}; logged once per instance")]
    public static partial void RowUnreadable(this ILogger log, string table, string partition, string row);

    [LoggerMessage(1021, LogLevel.Warning, "A new password was accepted unchecked, since the list of leaked ones can't be read: {Why}")]
    public static partial void BreachedListSkipped(this ILogger log, string why);

    [LoggerMessage(2001, LogLevel.Warning,
        "Security: a spent refresh token of session {SessionId} of user {UserId} was used from {Network}; the session was ended")]
    public static partial void TokenReused(this ILogger log, string sessionId, string userId, string network);

    [LoggerMessage(2003, LogLevel.Warning,
        "Security: an address in {Network} is flagged: {Count} logins within {Minutes} minutes, "
        + "{Failures} of them failed, for {Emails} emails")]
    public static partial void AddressFlagged(this ILogger log, string network, int count, int minutes, int failures, int emails);

    [LoggerMessage(2031, LogLevel.Warning, "Security: session {SessionId} of user {UserId} was started from {Network} on a new device")]
    public static partial void NewDevice(this ILogger log, string sessionId, string userId, string network);

    [LoggerMessage(2070, LogLevel.Warning, "Security: {Kind} of user {UserId}, session {SessionId}, from {Network}: {From} to {To}")]
    public static partial void LocationSuspicious(
        this ILogger log, string kind, string userId, string sessionId, string network, string? from, string to);

    [LoggerMessage(2032, LogLevel.Warning,
        "Security: user {UserId} logged in {Count} times within {Minutes} minutes from {Addresses} addresses")]
    public static partial void LoginBurst(this ILogger log, string userId, int count, int minutes, int addresses);

    [LoggerMessage(2033, LogLevel.Warning,
        "Security: logins of user {UserId} failed {Count} times within {Minutes} minutes from {Addresses} addresses")]
    public static partial void FailedLoginBurst(this ILogger log, string userId, int count, int minutes, int addresses);

    [LoggerMessage(1006, LogLevel.Error, "Key ring {Stored} is stored, though {InUse} was, and stays in use")]
    public static partial void KeysRolledBack(this ILogger log, int stored, int inUse);

    [LoggerMessage(1008, LogLevel.Warning, "A login succeeded, but its follow-up is left to the next login: {Why}")]
    public static partial void LeftForNextLogin(this ILogger log, string why);

    [LoggerMessage(1009, LogLevel.Warning, "A login wasn't recorded in the timeline: {Why}")]
    public static partial void ActivityNotRecorded(this ILogger log, string why);

    [LoggerMessage(1011, LogLevel.Warning, "{Channel} didn't accept message {Id} on attempt {Attempt}; it is retried later: {Why}")]
    public static partial void SendFailed(this ILogger log, OutboxChannel channel, string id, int attempt, string why);

    [LoggerMessage(1012, LogLevel.Warning, "{Channel} didn't accept message {Id} on attempt {Attempt}; it is a dead letter now: {Why}")]
    public static partial void SendGivenUp(this ILogger log, OutboxChannel channel, string id, int attempt, string why);

    [LoggerMessage(1035, LogLevel.Error, "{Channel} failed unexpectedly on message {Id}: {Type} {StackTrace}")]
    public static partial void SendThrew(this ILogger log, OutboxChannel channel, string id, string type, string? stackTrace);

    [LoggerMessage(2034, LogLevel.Warning,
        "Security: more mails than Email__MaximumPerHour were created in the hour from {Hour:u}; the rest waits for the next")]
    public static partial void MailLimitReached(this ILogger log, DateTimeOffset hour);

    [LoggerMessage(1024, LogLevel.Warning, "A user was told of a passkey by a notice, but not by mail: {Why}")]
    public static partial void PasskeyMailLost(this ILogger log, string why);

    [LoggerMessage(1030, LogLevel.Warning, "A user wasn't told by mail of what happened: {Why}")]
    public static partial void AlertMailLost(this ILogger log, string why);

    [LoggerMessage(1031, LogLevel.Information,
        "The push subscription of session {SessionId} of user {UserId} is gone and was removed: {Why}")]
    public static partial void PushSubscriptionGone(this ILogger log, string sessionId, string userId, string why);

    [LoggerMessage(2063, LogLevel.Warning,
        "Security: the signature counter of passkey {PasskeyId} of user {UserId} went back, from {Network}; the proof was refused")]
    public static partial void PasskeyCloned(this ILogger log, string passkeyId, string userId, string network);

    [LoggerMessage(2050, LogLevel.Information, "Security: the account of user {UserId} was erased")]
    public static partial void AccountErased(this ILogger log, string userId);

    [LoggerMessage(2021, LogLevel.Information, "Security: administrator {AdministratorId} created the account of user {UserId}")]
    public static partial void AccountMade(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2022, LogLevel.Information, "Security: administrator {AdministratorId} changed the roles of user {UserId}")]
    public static partial void RolesChanged(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2023, LogLevel.Information, "Security: administrator {AdministratorId} disabled the account of user {UserId}")]
    public static partial void AccountDisabled(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2024, LogLevel.Information, "Security: administrator {AdministratorId} enabled the account of user {UserId}")]
    public static partial void AccountEnabled(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2025, LogLevel.Information, "Security: administrator {AdministratorId} ended all sessions of user {UserId}")]
    public static partial void SessionsEnded(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2026, LogLevel.Information, "Security: administrator {AdministratorId} ended session {SessionId} of user {UserId}")]
    public static partial void SessionEnded(this ILogger log, string administratorId, string sessionId, string userId);

    [LoggerMessage(2052, LogLevel.Information, "Security: administrator {AdministratorId} closed the account of user {UserId}")]
    public static partial void AccountClosedFor(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2053, LogLevel.Information,
        "Security: administrator {AdministratorId} had a link to reset the password sent to user {UserId}")]
    public static partial void PasswordResetSent(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2054, LogLevel.Information, "Security: administrator {AdministratorId} marked the address of user {UserId} as verified")]
    public static partial void EmailMarkedVerified(this ILogger log, string administratorId, string userId);

    [LoggerMessage(2056, LogLevel.Information,
        "Security: administrator {AdministratorId} secured the account of user {UserId}; disabled: {Disabled}")]
    public static partial void AccountSecured(this ILogger log, string administratorId, string userId, bool disabled);

    [LoggerMessage(2065, LogLevel.Information, "Security: administrator {AdministratorId} removed a passkey of user {UserId}")]
    public static partial void PasskeyRemovedFor(this ILogger log, string administratorId, string userId);
}
