namespace Serverless.Functions.Accounts;

/// <summary>Limits what sends mail, the same with and without an account.</summary>
public sealed class MailLimits(RateLimits rateLimits, IEmailSender? sender = null)
{
    /// <summary>False past the limits: the answer is the same, and nothing is sent.</summary>
    internal bool Admit(string kind, ClientInfo client, AccountKey account)
    {
        RequireMail();
        rateLimits.LimitOther(client);
        return rateLimits.AdmitsMail(kind, client, account);
    }

    internal void RequireMail()
    {
        if (sender is null)
            throw new ProblemException(ProblemCode.NotFound, "This service sends no mail: Email__SmtpHost is not set.");
    }

    internal void LimitTokens(ClientInfo client) => rateLimits.LimitOther(client);
}
