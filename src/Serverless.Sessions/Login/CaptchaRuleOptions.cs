using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Login;

/// <summary>Which logins need a captcha, where a provider is configured. Section <c>Captcha</c>.</summary>
public sealed class CaptchaRuleOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Captcha";

    /// <summary>From this many failed logins in a row on, the next login with that email needs one.</summary>
    /// <value>Failures, 0 to 100; 0 is every login. Default 3.</value>
    [Range(0, 100)]
    public int AfterFailures { get; set; } = 3;

    /// <summary>Whether every login from a flagged address needs one.</summary>
    /// <value>true or false. Default true.</value>
    public bool AlwaysFromFlaggedAddresses { get; set; } = true;
}
