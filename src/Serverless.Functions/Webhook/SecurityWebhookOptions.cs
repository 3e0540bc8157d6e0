using Serverless.Sessions.Settings;

namespace Serverless.Functions.Webhook;

/// <summary>Who is sent security events. Section <c>SecurityWebhook</c>.</summary>
public sealed class SecurityWebhookOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "SecurityWebhook";

    private const string SecretPrefix = "whsec_";

    /// <summary>Where events are sent; its address must be public. Empty sends none.</summary>
    /// <value>An https URL. Default none.</value>
    [HttpsUrl, Sensitive]
    public string Url { get; set; } = "";

    /// <summary>The secret that the receiver checks signatures with, in the form of Standard Webhooks. Never in a file: in Azure a
    /// reference to Key Vault.</summary>
    /// <value><c>whsec_</c> and the base64 of 24 to 64 bytes. Default none; needed with a URL.</value>
    [RegularExpression("^(whsec_[A-Za-z0-9+/]{32,86}={0,2})?$", ErrorMessage = "{0} must be whsec_ and the base64 of 24 to 64 bytes"), Sensitive]
    public string Secret { get; set; } = "";

    /// <summary>How often an event is sent before it is a dead letter.</summary>
    /// <value>Attempts, 1 to 20. Default 10, which takes two to three days.</value>
    [Range(1, 20)]
    public int MaximumAttempts { get; set; } = 10;

    /// <summary>How long to wait for the receiver's answer.</summary>
    /// <value>Seconds, 1 to 30. Default 10.</value>
    [Range(1, 30)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && ReadSecret() is null)
        {
            yield return new(
                $"{Section}__{nameof(Secret)} must be {SecretPrefix} and the base64 of 24 to 64 bytes, since {Section}__{nameof(Url)} is set, "
                + $"but is {(Secret.Length == 0 ? "not" : "something else")}.");
        }
    }

    /// <summary>The key of the signatures; null where the secret is none.</summary>
    internal byte[]? ReadSecret()
    {
        var bytes = new byte[64];
        return Secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(Secret[SecretPrefix.Length..], bytes, out var length) && length >= 24
            ? bytes[..length]
            : null;
    }
}
