using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Login;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Presence;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Tests.Settings;

public sealed class OptionsTests
{
    public static TheoryData<Type, string, int, int, int> Numbers => new()
    {
        { typeof(SessionOptions), nameof(SessionOptions.RememberedIdleHours), 720, 1, 8760 },
        { typeof(SessionOptions), nameof(SessionOptions.RememberedAbsoluteHours), 2160, 1, 8760 },
        { typeof(SessionOptions), nameof(SessionOptions.IdleHours), 12, 1, 8760 },
        { typeof(SessionOptions), nameof(SessionOptions.AbsoluteHours), 24, 1, 8760 },
        { typeof(SessionOptions), nameof(SessionOptions.GraceSeconds), 30, 1, 300 },
        { typeof(SessionOptions), nameof(SessionOptions.RegenerateAfterHours), 24, 1, 8760 },
        { typeof(SessionOptions), nameof(SessionOptions.StatusCacheSeconds), 5, 0, 60 },
        { typeof(SessionOptions), nameof(SessionOptions.MaximumPerAccount), 0, 0, 1000 },
        { typeof(PresenceOptions), nameof(PresenceOptions.HeartbeatSeconds), 5, 1, 300 },
        { typeof(PresenceOptions), nameof(PresenceOptions.OnlineSeconds), 10, 2, 600 },
        { typeof(TokenOptions), nameof(TokenOptions.AccessTokenSeconds), 1800, 30, 3600 },
        { typeof(KeysOptions), nameof(KeysOptions.SigningKeyDays), 30, 1, 365 },
        { typeof(KeysOptions), nameof(KeysOptions.MacKeyDays), 30, 7, 365 },
        { typeof(KeysOptions), nameof(KeysOptions.AuditKeyDays), 365, 180, 3650 },
        { typeof(KeysOptions), nameof(KeysOptions.JwksCacheSeconds), 300, 1, 86_400 },
        { typeof(FeedOptions), nameof(FeedOptions.CacheSeconds), 5, 1, 60 },
        { typeof(PasswordOptions), nameof(PasswordOptions.MinimumLength), 12, 8, 64 },
        { typeof(PasswordOptions), nameof(PasswordOptions.MaximumLength), 128, 64, 1024 },
        { typeof(PasswordOptions), nameof(PasswordOptions.Iterations), 220_000, 1_000, 10_000_000 },
        { typeof(PasswordOptions), nameof(PasswordOptions.MaximumWaitSeconds), 2, 0, 10 },
        { typeof(ThrottleOptions), nameof(ThrottleOptions.FailuresBeforeLock), 5, 3, 100 },
        { typeof(ThrottleOptions), nameof(ThrottleOptions.FirstLockSeconds), 30, 1, 3600 },
        { typeof(ThrottleOptions), nameof(ThrottleOptions.MaximumLockSeconds), 900, 1, 86_400 },
        { typeof(ThrottleOptions), nameof(ThrottleOptions.ForgetAfterHours), 24, 1, 720 },
        { typeof(SuspiciousIpOptions), nameof(SuspiciousIpOptions.MaximumSeconds), 240, 10, 540 },
        { typeof(SecurityEventOptions), nameof(SecurityEventOptions.MaximumAddresses), 4, 1, 1000 },
        { typeof(SecurityEventOptions), nameof(SecurityEventOptions.WindowMinutes), 10, 1, 1440 },
        { typeof(SecurityEventOptions), nameof(SecurityEventOptions.RetentionDays), 400, 30, 3650 },
        { typeof(SecurityEventOptions), nameof(SecurityEventOptions.MaximumSeconds), 240, 10, 540 },
        { typeof(StatisticsOptions), nameof(StatisticsOptions.MaximumSeconds), 240, 10, 540 },
        { typeof(RetentionOptions), nameof(RetentionOptions.LogDays), 90, 2, 3650 },
        { typeof(RetentionOptions), nameof(RetentionOptions.ActivityDays), 90, 2, 3650 },
        { typeof(RetentionOptions), nameof(RetentionOptions.StatisticsDays), 400, 31, 3650 },
        { typeof(RetentionOptions), nameof(RetentionOptions.MailboxDays), 90, 2, 3650 },
        { typeof(RetentionOptions), nameof(RetentionOptions.MaximumSeconds), 240, 10, 540 },
        { typeof(CaptchaRuleOptions), nameof(CaptchaRuleOptions.AfterFailures), 3, 0, 100 },
        { typeof(MailboxOptions), nameof(MailboxOptions.PollMilliseconds), 2000, 500, 60_000 },
        { typeof(MailboxOptions), nameof(MailboxOptions.MaximumMessageBytes), 4096, 1, 8192 },
        { typeof(PurgeOptions), nameof(PurgeOptions.MaximumSeconds), 240, 10, 540 },
        { typeof(SuspiciousIpOptions), nameof(SuspiciousIpOptions.MaximumLogins), 10, 1, 100_000 },
        { typeof(SuspiciousIpOptions), nameof(SuspiciousIpOptions.WindowMinutes), 60, 1, 1440 },
        { typeof(SuspiciousIpOptions), nameof(SuspiciousIpOptions.FlagHours), 24, 1, 8760 },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_has_its_default_and_ends_at_both_ends_of_its_range(Type type, string name, int byDefault, int least, int most)
    {
        var property = type.GetProperty(name)!;
        Assert.Equal(byDefault, property.GetValue(Activator.CreateInstance(type)));
        foreach (var (value, good) in new[] { (least, true), (most, true), (least - 1, false), (most + 1, false) })
        {
            var errors = new List<ValidationResult>();
            var context = new ValidationContext(Activator.CreateInstance(type)!) { MemberName = name };
            Assert.Equal(good, Validator.TryValidateProperty(value, context, errors));
            Assert.All(errors, error => Assert.Contains(name, error.ErrorMessage, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_number_of_every_options_class_is_in_the_list_above() => Assert.Equal(
        typeof(SessionOptions).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => property.PropertyType == typeof(int) && property.CanWrite)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Order(),
        Numbers.Select(row => $"{((Type)row[0]).Name}.{row[1]}").Order());

    [Fact]
    public void An_idle_lifetime_above_the_absolute_one_is_refused_by_name()
    {
        var errors = new List<ValidationResult>();
        var options = new SessionOptions { IdleHours = 25, RememberedIdleHours = 2161 };
        Assert.False(Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true));
        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error =>
            error.ErrorMessage == "Sessions__IdleHours must not be above Sessions__AbsoluteHours, which is 24, but is 25.");
    }

    [Fact]
    public void Activity_that_is_kept_for_longer_than_the_log_is_refused_by_name()
    {
        var errors = new List<ValidationResult>();
        var options = new RetentionOptions { LogDays = 30 };
        Assert.False(Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true));
        Assert.Equal("Retention__ActivityDays must not be above Retention__LogDays, which is 30, but is 90.", Assert.Single(errors).ErrorMessage);
    }

    [Theory]
    [InlineData("http://localhost:7071/api", true)]
    [InlineData("not a url", false)]
    [InlineData("", false)]
    public void The_issuer_is_a_url(string issuer, bool good)
    {
        var options = new TokenOptions { Issuer = issuer };
        Assert.Equal(good, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }
}
