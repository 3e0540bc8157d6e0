using Microsoft.Extensions.Options;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;

namespace Serverless.Sessions.Login;

/// <summary>
/// Decides whether a login needs a captcha, and has it checked. It looks at the failures of the email, which are counted just
/// the same where there is no account, and at the address. Without a provider it asks for nothing and reads nothing.
/// </summary>
public sealed class LoginCaptcha(
    FlaggedAddresses flagged, IOptions<CaptchaRuleOptions> options, TimeProvider clock, ICaptcha? captcha = null)
{
    /// <summary>Whether a login may go on.</summary>
    /// <param name="throttle">The failures of its email.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="token">What it brought; null for nothing.</param>
    /// <exception cref="CaptchaUnavailableException">The provider can't say.</exception>
    internal async Task<bool> IsPassedAsync(
        Throttle throttle, ClientInfo client, CaptchaToken? token, CancellationToken cancellationToken) =>
        captcha is null
        || !await IsNeededAsync(throttle, client, cancellationToken)
        || (token is { } given && await captcha.IsSolvedAsync(given, client.IpAddress, cancellationToken));

    /// <summary>The rule.</summary>
    /// <param name="throttle">The failures of the email.</param>
    /// <param name="flag">The flag of the address, expired or not; null where it has none.</param>
    /// <param name="options">The limits.</param>
    public static bool IsNeeded(Throttle throttle, SuspiciousIp? flag, DateTimeOffset now, CaptchaRuleOptions options)
    {
        return throttle.Failures >= options.AfterFailures || flag?.ExpiresAt > now;
    }

    // The address is only looked up where the failures don't decide it already.
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
