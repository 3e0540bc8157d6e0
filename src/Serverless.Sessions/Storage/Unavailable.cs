namespace Serverless.Sessions.Storage;

/// <summary>Storage can't be reached or answers unexpectedly; every method of a store may throw it, while answers that the rules
/// expect are values. The caller may retry; no partial change is visible.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether only a single row can't be read: it is invalid, or changes too fast.</summary>
    public bool IsOneRow { get; init; }
}

/// <summary>Too many passwords are waiting to be hashed or checked; the caller may retry in a moment.</summary>
public sealed class ServiceBusyException() : Exception("Too many passwords are waiting to be hashed or checked.");

/// <summary>The captcha provider gives no verdict; the caller may retry. The message contains no secret.</summary>
public sealed class CaptchaUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>The list of leaked passwords can't be read; the caller may retry. The message contains no secret.</summary>
public sealed class BreachedListUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
