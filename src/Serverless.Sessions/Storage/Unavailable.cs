namespace Serverless.Sessions.Storage;

/// <summary>Storage can't be reached or doesn't answer as it should. The caller may try again; nothing half-done is visible.</summary>
public sealed class StorageUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether it is one row that can't be read, and everything else can.</summary>
    public bool IsOneRow { get; init; }
}

/// <summary>Too many passwords wait for their turn or for a core; the caller may try again in a moment.</summary>
public sealed class ServiceBusyException() : Exception("Too many passwords wait to be checked.");

/// <summary>The provider of captchas can't say whether one was solved; the caller may try again. The message holds no secret.</summary>
public sealed class CaptchaUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
