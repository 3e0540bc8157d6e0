namespace EndToEnd.Tests.Settings;

public sealed class WrongSettingTests
{
    public const string Code = "misconfigured";

    /// <summary>None that hides another of its section.</summary>
    public static TheoryData<(string Name, string Value, string Sentence)[]> Faults =>
    [
        [
            ("Sessions__Grace", "30", "Sessions__Grace must be a time span such as 00:00:30 from 00:00:01 to 00:05:00, but is '30'."),
            ("Tokens__Audience", " ", "Tokens__Audience must be set, but is empty."),
            ("Captcha__Provider", "Mine", "Captcha__Provider must be None, Turnstile, HCaptcha or ReCaptcha, but is 'Mine'."),
            ("Cookies__AllowedOrigins", "https://app.example.com/", "Cookies__AllowedOrigins must be origins such as "
                + "https://app.example.com (http only for localhost), separated by commas, but one is 'https://app.example.com/'."),
            ("Storage__TableServiceUri", "https://a.example.com", "Either Storage__ConnectionString or Storage__TableServiceUri "
                + "must be set, but both are."),
            ("PurgeExpiredSessionsSchedule", "often", "PurgeExpiredSessionsSchedule must be six fields (second minute hour day month "
                + "weekday), or five without the second, but is 'often'."),
            ("Passwords__BreachedList", "/no/such/list", "Passwords__BreachedList must be a file that exists, but '/no/such/list' doesn't."),
            ("PurgeOldLogsSchedule", "", "PurgeOldLogsSchedule must be set to the schedule of its timer, but is empty."),
            ("Registration__Enabled", "yes", "Registration__Enabled must be true or false, but is 'yes'."),
        ],
        [
            ("Sessions__IdleLifetime", "1.01:00:00", "Sessions__IdleLifetime must not be above Sessions__AbsoluteLifetime, which is 1.00:00:00, but is 1.01:00:00."),
            ("Passwords__BreachedList", "http://a.example.com/", "Passwords__BreachedList must be an https URL (or http for this machine) or the path "
                + "of a file, but is 'http://a.example.com/'."),
            ("Captcha__Provider", "Turnstile", "Captcha__Secret must be set, since Captcha__Provider is Turnstile, but is not."),
            ("Storage__TablePrefix", "1", "Storage__TablePrefix must be at most 40 letters and digits, beginning with a letter, but is '1'."),
            ("Policies__admin__Inactivity", "soon", "Policies__admin__Inactivity must be a time span from 00:00:05 to 1.00:00:00, but is 'soon'."),
            ("Policies__Die Leitung__MaximumSessions", "1", "Policies__Die Leitung__MaximumSessions must name a role, 1 to 32 of a to z, 0 to 9, "
                + "dot, hyphen and underscore, but names 'Die Leitung'."),
            ("Presence__HeartbeatInterval", "soon", "Presence__HeartbeatInterval must be a time span such as 00:00:05 from 00:00:01 to 00:05:00, but is 'soon'."),
        ],
        [
            ("Sessions__MaximumPerAccount", "-1", "Sessions__MaximumPerAccount must be a whole number from 0 to 1000, "
                + "but is '-1'."),
            ("Storage__ConnectionString", "AccountKey=hush", "Storage__ConnectionString must be a storage connection string such "
                + "as UseDevelopmentStorage=true, but is something else, which is not shown since it may hold a secret."),
            ("Keys__VaultUri", "http://v.example.com", "Keys__VaultUri must be an https URL, but is 'http://v.example.com'."),
            ("Keys__SecretName", "hush!", "Keys__SecretName must be 1 to 127 letters, digits and hyphens, but is something else, "
                + "which is not shown since it may hold a secret."),
            ("Administrator__Email", "hush", "Administrator__Email must be an email address, but is something else."),
            ("Administrator__Password", "hush", "Administrator__Password is refused: A password needs at least 12 characters."),
            ("Demo__Email", "hush", "Demo__Email must be an email address, but is something else."),
            ("Demo__Password", "hush", "Demo__Password is refused: A password needs at least 12 characters."),
        ],
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_wrong_setting_is_told_in_one_sentence_to_whoever_starts_the_app((string Name, string Value, string Sentence)[] faults)
    {
        await using var app = Launch([], [.. faults.Select(fault => (fault.Name, fault.Value))]);
        await IsRefusedAsync(app);
        Assert.Equal(faults.Select(fault => fault.Sentence).Order(), app.ConfigurationErrors.Order());
        Assert.DoesNotContain("hush", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_vault_or_with_cheap_hashes_there_is_no_start_outside_Development()
    {
        await using var app = Launch([], ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"), ("Keys__VaultUri", ""), ("Passwords__WeakHashes", "true"));
        await IsRefusedAsync(app);
        Assert.Collection(
            app.ConfigurationErrors.Order(),
            vault => Assert.StartsWith("Keys__VaultUri must be set ", vault, StringComparison.Ordinal),
            hashes => Assert.Equal("Passwords__WeakHashes must be false outside Development.", hashes));
    }

    [Fact]
    public async Task A_misconfigured_app_lives_is_never_ready_answers_503_without_values_and_its_timers_fail_and_say_why()
    {
        // Core Tools go on anyway.
        string[] options = FunctionsHost.IsCoreTools ? [] : ["--keep-going"];
        await using var app = Launch(options, ("Sessions__Grace", "365.00:00:00"), ("PurgeExpiredSessionsSchedule", "often"), ("Policies__admin__Idle", "1"));
        using var client = new SessionClient(app.BaseAddress);
        await Eventually.TrueAsync("the app lives", client.LivesAsync);

        foreach (var request in new[]
        {
            SessionClient.Get("health/ready"), SessionClient.Post("sessions/login", "{}"), SessionClient.Get("nowhere"),
        })
        {
            var problem = (await client.SendToHostAsync(request)).IsProblem(503, Code);
            Assert.Equal("Invalid settings: Policies__admin__Idle, PurgeExpiredSessionsSchedule, Sessions__Grace.", problem.Json.Text("detail"));
        }

        // Nobody is there as the storage: with any use of it the run would say something else.
        await client.RunTimerAsync("PurgeOldLogs");
        await Eventually.TrueAsync("the timer fails", () =>
            app.Output.Contains("Configuration error, so the app does nothing: Sessions__Grace must be", StringComparison.Ordinal)
            && app.Output.Contains("Executed 'Functions.PurgeOldLogs' (Failed", StringComparison.Ordinal));
    }

    private static AppProcess Launch(string[] options, params (string Name, string Value)[] wrong) =>
        AppProcess.Launch(port => AppSettings.For("UseDevelopmentStorage=true", port, TimeSpan.FromSeconds(3), wrong), options);

    // The local host ends; Core Tools stay with an app that answers nothing else.
    private static async Task IsRefusedAsync(AppProcess app)
    {
        if (FunctionsHost.IsCoreTools)
        {
            using var client = new SessionClient(app.BaseAddress);
            await Eventually.TrueAsync("the app refuses", () => client.AnswersAsync("health/ready", 503));
        }
        else
        {
            Assert.Equal(1, await app.WaitForExitAsync());
        }
    }
}
