using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Tests.Settings;

public sealed class OptionsTests
{
    [Fact]
    public void An_idle_lifetime_above_the_absolute_one_is_refused_by_name()
    {
        var errors = new List<ValidationResult>();
        var options = new SessionOptions { IdleLifetime = TimeSpan.FromHours(25), RememberedIdleLifetime = TimeSpan.FromDays(91) };
        Assert.False(Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true));
        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.ErrorMessage
            == "Sessions__IdleLifetime must not be above Sessions__AbsoluteLifetime, which is 1.00:00:00, but is 1.01:00:00.");
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(90, 90)]
    [InlineData(365, 90)]
    public void Activity_is_kept_as_long_as_the_log_but_at_most_90_days(int log, int activity) =>
        Assert.Equal(TimeSpan.FromDays(activity), new RetentionOptions { LogLifetime = TimeSpan.FromDays(log) }.ActivityLifetime);

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
