namespace Serverless.Sessions.Login;

/// <summary>Decides whether a login needs a captcha and has it checked, by the address and by the email's failures, which count
/// with or without an account. Without a provider it requires and reads nothing.</summary>
public sealed class LoginCaptcha(
    ISuspiciousIpStore flags, IOptions<CaptchaRuleOptions> options, TimeProvider clock, ICaptcha? captcha = null)
{
    // A few hundred bytes each; a flood of addresses evicts the oldest.
    private const int MaximumAddresses = 20_000;

    // For a minute: the timer that flags addresses runs only every few minutes.
    private readonly ReadThroughCache<string, SuspiciousIp?> _flags = new(MaximumAddresses, TimeSpan.FromMinutes(1), clock);

    internal async Task<bool> IsPassedAsync(
        Throttle throttle, ClientInfo client, CaptchaAnswer answer, CancellationToken cancellationToken) =>
        captcha is null || answer.IsSolved == true || !await IsNeededAsync(throttle, client, cancellationToken)
        || await IsSolvedAsync(client, answer, cancellationToken);

    /// <summary>Also true without a provider.</summary>
    internal async Task<bool> IsSolvedAsync(ClientInfo client, CaptchaAnswer answer, CancellationToken cancellationToken)
    {
        if (captcha is null)
            return true;
        answer.IsSolved ??= answer.Token is { } given && await captcha.IsSolvedAsync(given, client.IpAddress, cancellationToken);
        return answer.IsSolved.Value;
    }

    public static bool IsNeeded(Throttle throttle, SuspiciousIp? flag, DateTimeOffset now, CaptchaRuleOptions options) =>
        throttle.Failures >= options.AfterFailures || flag?.ExpiresAt > now;

    private async Task<bool> IsNeededAsync(Throttle throttle, ClientInfo client, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (IsNeeded(throttle, null, now, options.Value))
            return true;
        var address = IpAddressGroup.Of(client.IpAddress);
        return address != IpAddressGroup.Unknown
            && await _flags.GetAsync(address, token => flags.FindAsync(address, token), cancellationToken) is { } flag
            && IsNeeded(throttle, flag, now, options.Value);
    }
}

public sealed class CaptchaRuleOptions
{
    [Setting("after this many failed logins in a row, the next one with that email needs a captcha; 0 is every login",
        "users complain, or bots get through")]
    [Range(0, 100)]
    public int AfterFailures { get; set; } = 3;
}

/// <summary>The captcha of one login, and the provider's verdict once it was asked: a token is valid once.</summary>
internal sealed class CaptchaAnswer(CaptchaToken? token)
{
    public CaptchaToken? Token => token;
    public bool? IsSolved { get; set; }
}

/// <summary>Not registered if no provider is configured.</summary>
public interface ICaptcha
{
    /// <summary>A token is valid once.</summary>
    /// <exception cref="CaptchaUnavailableException">The provider gives no verdict.</exception>
    Task<bool> IsSolvedAsync(CaptchaToken token, string ipAddress, CancellationToken cancellationToken);
}

/// <summary>The token that the provider's widget issues for a solved captcha. <see cref="ToString"/> redacts it.</summary>
public readonly record struct CaptchaToken(string Text)
{
    public override string ToString() => "[captcha token]";
}
