namespace Serverless.Sessions.Login;

public sealed class CaptchaRuleOptions
{
    public const string Section = "Captcha";

    [Setting("after this many failed logins in a row, the next one with that email needs a captcha; 0 is every login",
        "users complain, or bots get through")]
    [Range(0, 100)]
    public int AfterFailures { get; set; } = 3;
}
