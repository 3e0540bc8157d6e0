using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Tokens;

/// <summary>What access tokens say. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Tokens";

    /// <summary>The longest life of an access token that can be set, in seconds.</summary>
    public const int MaximumSeconds = 3600;

    /// <summary>The <c>iss</c> claim: the address under which the discovery document is found.</summary>
    /// <value>An absolute URL. Default http://localhost:7071/api.</value>
    [Required, Url(ErrorMessage = "{0} must be an absolute URL")]
    public string Issuer { get; set; } = "http://localhost:7071/api";

    /// <summary>The <c>aud</c> claim: who the tokens are for.</summary>
    /// <value>Any text. Default serverless-sessions.</value>
    [Required]
    public string Audience { get; set; } = "serverless-sessions";

    /// <summary>The <c>client_id</c> claim (RFC 9068, 2.2): which client the tokens were issued to. All apps of a deployment are one.</summary>
    /// <value>Any text. Default serverless-sessions-client.</value>
    [Required]
    public string ClientId { get; set; } = "serverless-sessions-client";

    /// <summary>How long an access token is good.</summary>
    /// <value>Seconds, 30 to 3600. Default 1800 (30 minutes).</value>
    [Range(30, MaximumSeconds)]
    public int AccessTokenSeconds { get; set; } = 1800;
}
