namespace Serverless.Sessions.Login;

/// <summary>Decides whether a login needs a captcha and has it checked, by the address and by the email's failures, which count
/// with or without an account. Without a provider it requires and reads nothing.</summary>
public sealed class LoginCaptcha(
    FlaggedAddresses flagged, IOptions<CaptchaRuleOptions> options, TimeProvider clock, ICaptcha? captcha = null)
{
    /// <exception cref="CaptchaUnavailableException">The provider gives no verdict.</exception>
    internal async Task<bool> IsPassedAsync(
        Throttle throttle, ClientInfo client, CaptchaToken? token, CancellationToken cancellationToken) =>
        captcha is null
        || !await IsNeededAsync(throttle, client, cancellationToken)
        || (token is { } given && await captcha.IsSolvedAsync(given, client.IpAddress, cancellationToken));

    public static bool IsNeeded(Throttle throttle, SuspiciousIp? flag, DateTimeOffset now, CaptchaRuleOptions options)
    {
        return throttle.Failures >= options.AfterFailures || flag?.ExpiresAt > now;
    }

    private async Task<bool> IsNeededAsync(Throttle throttle, ClientInfo client, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var address = IpAddressGroup.Of(client.IpAddress);
        var neededAnyway = IsNeeded(throttle, null, now, options.Value);
        if (neededAnyway || address == IpAddressGroup.Unknown)
            return neededAnyway;
        var flag = await flagged.FindAsync(address, cancellationToken);
        return IsNeeded(throttle, flag, now, options.Value);
    }
}
