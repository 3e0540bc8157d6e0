namespace Serverless.Sessions.Accounts;

/// <summary>Finds what is stored of a user, and erases it. Every change may be repeated, also concurrently. Every method throws
/// <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IPersonalDataStore
{
    /// <summary>The most rows that a method reads or removes at once.</summary>
    const int MostAtOnce = 1000;

    /// <summary>Reads the newest entries of a log, up to <see cref="MostAtOnce"/>.</summary>
    Task<IReadOnlyList<LoggedRow>> ReadLogAsync(LogOwner owner, CancellationToken cancellationToken);

    /// <summary>Removes entries of a log, ignoring those already gone.</summary>
    Task RemoveAsync(LogOwner owner, IReadOnlyList<LoggedRow> rows, CancellationToken cancellationToken);

    /// <summary>Makes the activity of a user, or of the account's email, in the hour that begins at a time
    /// <see cref="Activity.Anonymous">anonymous</see>.</summary>
    Task AnonymizeActivityAsync(UserId user, AccountKey account, DateTimeOffset hour, CancellationToken cancellationToken);

    /// <summary>Reads the security events about a user between two times, inclusive, newest first.</summary>
    IAsyncEnumerable<SecurityEvent> ReadEventsAsync(
        UserId user, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Makes an event <see cref="SecurityEvent.Anonymous">anonymous</see>; ignores one that is gone.</summary>
    Task AnonymizeAsync(SecurityEvent personal, CancellationToken cancellationToken);

    /// <summary>Removes rows of any kind beside the user's sessions, or the log of an email; returns whether none is left.</summary>
    Task<bool> RemoveRowsAsync(LogOwner owner, CancellationToken cancellationToken);

    /// <summary>Reads the mails that wait to be sent to an account.</summary>
    Task<IReadOnlyList<MailIntent>> ReadMailsAsync(AccountKey account, CancellationToken cancellationToken);

    /// <summary>Removes all that is stored beside an account: the throttle, tokens and mails of its email.</summary>
    Task RemoveBesideAsync(AccountKey account, CancellationToken cancellationToken);
}

/// <summary>A log entry; <c>Row</c> is the store's own name, and <c>At</c> is from it.</summary>
public sealed record LoggedRow(string Row, DateTimeOffset At, LogAction Action);
