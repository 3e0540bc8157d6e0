namespace EndToEnd.Tests.Hosting;

/// <summary>What only this event prints: hosts print an event's message and not its id.</summary>
internal static class Printed
{
    /// <summary>The event at the end of a timer's run.</summary>
    public static IReadOnlyDictionary<string, int> RunOf { get; } = new Dictionary<string, int>
    {
        ["PurgeExpiredSessions"] = 3001, ["FlagSuspiciousIps"] = 3002, ["RollUpStatistics"] = 3004, ["PurgeOldLogs"] = 3005,
        ["RaiseSecurityAlerts"] = 3006, ["SendOutbox"] = 3007,
    };

    public static string Of(int eventId) => eventId switch
    {
        1003 => " failed",
        1010 => "X-Forwarded-For has fewer entries",
        1012 => "it is a dead letter now",
        2001 => "a spent refresh token of session",
        2002 => "acknowledged a flagged address",
        2003 => "is flagged: ",
        2004 => "undid the acknowledgement of a flagged address",
        2010 => "was started",
        2011 => "wrong password or unknown email from",
        2012 => "an email is locked after failures",
        2013 => "refreshes were refused",
        2020 => " registered from ",
        2021 => " created the account of user ",
        2022 => " roles",
        2023 => " disabled the account of user ",
        2024 => " enabled the account of user ",
        2025 => " ended all sessions of user ",
        2026 => " of user ",
        2027 => " changed the password",
        2028 => " is broken: ",
        2029 => " is made with a key that isn't on the ring",
        2040 => " imported accounts: ",
        2052 => " closed the account of user ",
        2054 => " marked the address of user ",
        3001 => "Purge: ",
        3002 => "Suspicious addresses: ",
        3003 => "Keys: ",
        3004 => "Statistics: ",
        3005 => "Retention: ",
        3006 => "Alerts: ",
        3007 => "Outbox: ",
        _ => throw new ArgumentOutOfRangeException(nameof(eventId), eventId, "Add what this event prints."),
    };

    public static IEnumerable<string> Lines(int eventId, string output) =>
        output.Split('\n').Where(line => line.Contains(Of(eventId), StringComparison.Ordinal));
}
