using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Login;

/// <summary>The provider of captchas; where none is configured there is no such service.</summary>
public interface ICaptcha
{
    /// <summary>Whether a captcha was solved. A token counts once.</summary>
    /// <exception cref="CaptchaUnavailableException">The provider can't say.</exception>
    Task<bool> IsSolvedAsync(CaptchaToken token, string ipAddress, CancellationToken cancellationToken);
}

/// <summary>What a provider's widget gave the page for a solved captcha. It can't be logged by accident.</summary>
public readonly record struct CaptchaToken(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "[captcha token]";
}
