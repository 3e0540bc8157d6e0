namespace Serverless.Sessions.Tokens;

public sealed class TokenOptions
{
    private const string Longest = "01:00:00";
    public static readonly TimeSpan LongestLifetime = TimeSpan.Parse(Longest, CultureInfo.InvariantCulture);

    [Setting("the `iss` claim: the address under which the discovery document is found",
        "you deploy: the public address of the app with `/api`")]
    [Required, Url(ErrorMessage = "{0} must be an absolute URL")]
    public string Issuer { get; set; } = "http://localhost:7071/api";

    [Setting("the `aud` claim: who the tokens are for", "your services expect another audience")]
    [Required]
    public string Audience { get; set; } = "serverless-sessions";

    // RFC 9068, 2.2. All apps of a deployment are one client.
    [Setting("the `client_id` claim: which client the tokens were issued to", "your services tell clients apart")]
    [Required]
    public string ClientId { get; set; } = "serverless-sessions-client";

    [Setting("how long an access token is valid",
        "services that neither ask for the status nor read the feed must learn of a revocation sooner")]
    [Duration("00:00:30", Longest)]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(30);
}
