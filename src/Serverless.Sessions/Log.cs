using Microsoft.Extensions.Logging;

namespace Serverless.Sessions;

/// <summary>What the rules log themselves, since nobody waits for it. Event ids are stable and shared with the app's.</summary>
internal static partial class Log
{
    [LoggerMessage(1005, LogLevel.Warning, "The signing keys can't be read again, so the ones of before stay in use: {Why}")]
    public static partial void KeysNotReloaded(this ILogger log, string why);

    [LoggerMessage(2003, LogLevel.Warning, "Security: {Network} has a flagged address: {Count} logins within {Minutes} minutes, {Failures} of them failed, with {Emails} emails")]
    public static partial void AddressFlagged(this ILogger log, string network, int count, int minutes, int failures, int emails);

    [LoggerMessage(1008, LogLevel.Warning, "A login succeeded, and what follows it is left to the next one: {Why}")]
    public static partial void LeftForNextLogin(this ILogger log, string why);

    [LoggerMessage(1009, LogLevel.Warning, "A login isn't recorded for the timers: {Why}")]
    public static partial void ActivityNotRecorded(this ILogger log, string why);
}
