using System.Security.Cryptography;

namespace EndToEnd.Tests.Hosting;

/// <summary>What the tests need beside the defaults, whatever local.settings.json says.</summary>
internal static class AppSettings
{
    public const string Email = "demo@example.com";
    public const string Password = "correct horse battery staple";
    public const string WrongPassword = "wrong horse battery staple";
    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "wrong donkey capacitor paperclip";
    public const string PageOrigin = "http://localhost:5173";
    public const string OtherPageOrigin = "http://localhost:7071";

    // Timers run only when a test asks for it.
    private const string OnceAYear = "0 0 0 1 1 *";

    /// <summary>The Redis that all apps share; null for none.</summary>
    public static string? Redis => Environment.GetEnvironmentVariable("SERVERLESS_REDIS") is { Length: > 0 } address ? address : null;

    public static IReadOnlyDictionary<string, string> For(
        string storage, int port, TimeSpan grace, params (string Name, string Value)[] others)
    {
        var settings = new Dictionary<string, string>
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["Storage__ConnectionString"] = storage,
            ["Demo__Email"] = Email,
            ["Demo__Password"] = Password,
            ["Administrator__Email"] = AdminEmail,
            ["Administrator__Password"] = AdminPassword,
            ["Registration__Enabled"] = "true",
            ["PurgeExpiredSessionsSchedule"] = OnceAYear,
            ["FlagSuspiciousIpsSchedule"] = OnceAYear,
            ["RaiseSecurityAlertsSchedule"] = OnceAYear,
            ["SendOutboxSchedule"] = OnceAYear,
            ["RollUpStatisticsSchedule"] = OnceAYear,
            ["PurgeOldLogsSchedule"] = OnceAYear,
            ["RotateSigningKeysSchedule"] = OnceAYear,
            ["Feed__CacheLifetime"] = "00:00:01",
            ["Tokens__Issuer"] = $"http://127.0.0.1:{port}/api",
            ["Tokens__Audience"] = "end-to-end",
            ["Tokens__ClientId"] = "the-app",
            ["Sessions__Grace"] = $"{grace}",
            // Hashing is tested by itself, and would be most of the time of the suites.
            ["Passwords__WeakHashes"] = "true",
            ["Passwords__MaximumWait"] = "00:00:10",
            ["Cookies__AllowedOrigins"] = $"https://elsewhere.example.com,{PageOrigin},{OtherPageOrigin}",
            ["Push__Subject"] = "mailto:operator@example.com",
            ["Passkeys__RelyingPartyId"] = "localhost",
            ["Passkeys__Origins"] = $"{OtherPageOrigin},{PageOrigin}",
            // The suites ask far more often from one address than anybody does.
            ["RateLimits__LoginsPerMinutePerAddress"] = "0",
            ["RateLimits__LoginsPerMinutePerAccount"] = "0",
            ["RateLimits__RefreshesPerMinutePerAddress"] = "0",
            ["RateLimits__OthersPerMinutePerAddress"] = "0",
            ["RateLimits__MessagesPerMinutePerUser"] = "0",
            ["RateLimits__PresencesPerMinutePerUser"] = "0",
        };
        foreach (var (name, value) in others)
            settings[name] = value;
        if (Redis is { } redis && !settings.ContainsKey("Redis__ConnectionString"))
        {
            // Shared by those who share tables.
            settings["Redis__ConnectionString"] = redis;
            var tables = SHA256.HashData(Encoding.UTF8.GetBytes(storage + settings.GetValueOrDefault("Storage__TablePrefix")));
            settings["Redis__KeyPrefix"] = $"{Convert.ToHexStringLower(tables)[..16]}:";
        }

        return settings;
    }
}
