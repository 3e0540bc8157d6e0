namespace Serverless.Sessions.Login;

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
