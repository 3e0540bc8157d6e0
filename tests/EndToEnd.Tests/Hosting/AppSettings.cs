using System.Globalization;

namespace EndToEnd.Tests.Hosting;

/// <summary>The settings that an app is started with: all that a test relies on, whatever local.settings.json says.</summary>
internal static class AppSettings
{
    public const string Email = "demo@example.com";
    public const string Password = "correct horse battery staple";

    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "wrong donkey capacitor paperclip";
    /// <summary>Where the pages come from that may use the cookie.</summary>
    public const string PageOrigin = "http://localhost:5173";

    // Timers run only when a test asks for it.
    private const string OnceAYear = "0 0 0 1 1 *";

    public static IReadOnlyDictionary<string, string> For(string storage, int port, int graceSeconds) =>
        new Dictionary<string, string>
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["Storage__ConnectionString"] = storage,
            ["Storage__TablePrefix"] = "",
            ["Storage__TimelineShards"] = "16",
            ["Storage__CreateTables"] = "true",
            ["Demo__Email"] = Email,
            ["Demo__Password"] = Password,
            ["Administrator__Email"] = AdminEmail,
            ["Administrator__Password"] = AdminPassword,
            ["Registration__Enabled"] = "true",
            ["PurgeExpiredSessionsSchedule"] = OnceAYear,
            ["FlagSuspiciousIpsSchedule"] = OnceAYear,
            ["RaiseSecurityAlertsSchedule"] = OnceAYear,
            ["RollUpStatisticsSchedule"] = OnceAYear,
            ["PurgeOldLogsSchedule"] = OnceAYear,
            ["RotateSigningKeysSchedule"] = OnceAYear,
            ["Keys__SigningKeyDays"] = "30",
            ["Keys__MacKeyDays"] = "30",
            ["Keys__JwksCacheSeconds"] = "300",
            ["Feed__Public"] = "true",
            ["Feed__CacheSeconds"] = "1",
            ["Tokens__Issuer"] = $"http://127.0.0.1:{port}/api",
            ["Tokens__Audience"] = "end-to-end",
            ["Tokens__ClientId"] = "the-app",
            ["Tokens__AccessTokenSeconds"] = "1800",
            ["Sessions__RememberedIdleHours"] = "720",
            ["Sessions__RememberedAbsoluteHours"] = "2160",
            ["Sessions__IdleHours"] = "12",
            ["Sessions__AbsoluteHours"] = "24",
            ["Sessions__GraceSeconds"] = graceSeconds.ToString(CultureInfo.InvariantCulture),
            ["Sessions__RegenerateAfterHours"] = "24",
            ["Sessions__StatusCacheSeconds"] = "5",
            // Hashing is tested by itself, and would be most of the time of the suites.
            ["Passwords__Iterations"] = "1000",
            ["Passwords__MaximumLength"] = "128",
            ["Passwords__MaximumWaitSeconds"] = "10",
            ["Throttle__FailuresBeforeLock"] = "5",
            ["Throttle__FirstLockSeconds"] = "30",
            ["SuspiciousIps__MaximumLogins"] = "10",
            ["SuspiciousIps__WindowMinutes"] = "60",
            ["SuspiciousIps__FlagHours"] = "24",
            ["Cookies__AllowedOrigins"] = $"https://elsewhere.example.com,{PageOrigin}",
            ["Cookies__SameSite"] = "Lax",
            ["Captcha__Provider"] = "None",
            // The suites ask far more often from one address than anybody does.
            ["RateLimits__LoginsPerMinutePerAddress"] = "0",
            ["RateLimits__LoginsPerMinutePerAccount"] = "0",
            ["RateLimits__RefreshesPerMinutePerAddress"] = "0",
            ["RateLimits__OthersPerMinutePerAddress"] = "0",
            ["RateLimits__MessagesPerMinutePerUser"] = "0",
            ["RateLimits__PresencesPerMinutePerUser"] = "0",
            // The host adds nothing to X-Forwarded-For, so the tests say where they come from.
            ["Network__TrustedProxyHops"] = "1",
        };
}
