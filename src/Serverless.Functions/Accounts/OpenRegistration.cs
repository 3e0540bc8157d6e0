namespace Serverless.Functions.Accounts;

/// <summary>What every registration by anyone has to pass.</summary>
public sealed class OpenRegistration(RateLimits rateLimits, IOptions<RegistrationOptions> options, ICaptcha? captcha = null)
{
    internal void Require()
    {
        if (!options.Value.Enabled)
            throw new ProblemException(ProblemCode.NotFound, "Registration is disabled.");
    }

    internal async Task AdmitAsync(CaptchaToken? token, ClientInfo client, CancellationToken cancellationToken)
    {
        rateLimits.LimitOther(client);
        var isSolved = captcha is null
            || (token is { } given && await captcha.IsSolvedAsync(given, client.IpAddress, cancellationToken));
        if (!isSolved)
            throw new ProblemException(
                ProblemCode.CaptchaRequired, "Solve a captcha and send its token as captchaToken; a token works once.");
    }

    internal bool AdmitsMail(ClientInfo client, Email email) => rateLimits.AdmitsMail("registrations", client, email.ToAccountKey());

    internal static Problem EmailTaken() => new(ProblemCode.EmailTaken, "Log in, or choose another email.");
}

public sealed class RegistrationOptions
{
    [Setting("whether anyone may create an account with POST accounts, which otherwise returns 404", "users register themselves")]
    public bool Enabled { get; set; }
}
