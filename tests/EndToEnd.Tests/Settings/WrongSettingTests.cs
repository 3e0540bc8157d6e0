using EndToEnd.Tests.Hosting;

namespace EndToEnd.Tests.Settings;

/// <summary>What an operator sees who has set something wrong.</summary>
public sealed class WrongSettingTests
{
    [Theory]
    [InlineData("Sessions__GraceSeconds", "0", "Sessions__GraceSeconds must be a whole number from 1 to 300, but is '0'.")]
    [InlineData("Sessions__GraceSeconds", "abc", "Sessions__GraceSeconds must be a whole number from 1 to 300, but is 'abc'.")]
    [InlineData("Sessions__IdleHours", "25", "Sessions__IdleHours must not be above Sessions__AbsoluteHours, which is 24, but is 25.")]
    [InlineData("Tokens__Audience", " ", "Tokens__Audience must be set, but is empty.")]
    [InlineData("Captcha__Provider", "Mine", "Captcha__Provider must be None, Turnstile, HCaptcha or ReCaptcha, but is 'Mine'.")]
    [InlineData("Captcha__Provider", "Turnstile", "Captcha__Secret must be set, since Captcha__Provider is Turnstile, but is not.")]
    [InlineData("Cookies__AllowedOrigins", "https://app.example.com/", "Cookies__AllowedOrigins must be origins such as "
        + "https://app.example.com (http only for localhost), separated by commas, but one is 'https://app.example.com/'.")]
    [InlineData("Storage__TableServiceUri", "https://a.example.com", "Either Storage__ConnectionString or Storage__TableServiceUri "
        + "must be set, but both are.")]
    [InlineData("PurgeExpiredSessionsSchedule", "often", "Function 'PurgeExpiredSessions': the schedule 'often' is not valid: a "
        + "schedule has six fields (second minute hour day month weekday), or is a TimeSpan.")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string name, string value, string sentence)
    {
        var (exitCode, output, errors) = await StartWithAsync((name, value));

        Assert.Equal(1, exitCode);
        Assert.Equal([sentence], errors);
        Assert.Equal([], Overheard.FailuresIn(output));
    }

    [Fact]
    public async Task All_wrong_settings_are_told_at_once()
    {
        var (exitCode, output, errors) = await StartWithAsync(
            ("Presence__OnlineSeconds", "soon"), ("Storage__TablePrefix", "1"), ("Registration__Enabled", "yes"));

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                "Presence__OnlineSeconds must be a whole number from 2 to 600, but is 'soon'.",
                "Registration__Enabled must be true or false, but is 'yes'.",
                "Storage__TablePrefix must be at most 40 letters and digits, beginning with a letter, but is '1'.",
            ],
            errors.Order());
        Assert.Equal([], Overheard.FailuresIn(output));
    }

    [Fact]
    public async Task A_wrong_value_that_may_be_a_secret_is_not_shown()
    {
        var (exitCode, output, errors) = await StartWithAsync(
            ("Storage__ConnectionString", "AccountKey=hush"), ("Keys__VaultUri", "http://v.example.com"), ("Keys__SecretName", "hush!"));

        Assert.Equal(1, exitCode);
        Assert.Equal(3, errors.Count);
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_vault_there_is_no_start_outside_Development()
    {
        var (exitCode, output, errors) = await StartWithAsync(("AZURE_FUNCTIONS_ENVIRONMENT", "Production"), ("Keys__VaultUri", ""));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Keys__VaultUri must be set ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal([], Overheard.FailuresIn(output));
    }

    private static Task<(int ExitCode, string Output, IReadOnlyList<string> Errors)> StartWithAsync(
        params (string Name, string Value)[] wrong) => AppProcess.RunAsync(port =>
        {
            var settings = new Dictionary<string, string>(AppSettings.For("UseDevelopmentStorage=true", port, graceSeconds: 3));
            foreach (var (name, value) in wrong)
                settings[name] = value;
            return settings;
        });
}
