namespace Serverless.Functions.Timeline;

public sealed class SecurityWebhookOptions : IValidatableObject
{
    public const string Section = "SecurityWebhook";

    private const string SecretPrefix = "whsec_";

    [Setting("the URL that security events are sent to; its host must have public addresses only",
        "your own system, or a service you use, should receive them"), HttpsUrl, Sensitive]
    public string Url { get; set; } = "";

    [Setting("the secret that the receiver verifies signatures with", "there is a URL: then it must be set")]
    [RegularExpression("^(whsec_[A-Za-z0-9+/]{32,86}={0,2})?$", ErrorMessage = "{0} must be whsec_ and the base64 of 24 to 64 bytes"), Sensitive]
    public string Secret { get; set; } = "";

    [Setting("how many times an event is sent before it becomes a dead letter; the delays grow from a minute to a day",
        "a receiver may be down for longer than two days"), Range(1, 20)]
    public int MaximumAttempts { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && ReadSecret() is null)
        {
            yield return new(
                $"{Section}__{nameof(Secret)} must be {SecretPrefix} and the base64 of 24 to 64 bytes, since {Section}__{nameof(Url)} is set, "
                + $"but is {(Secret.Length == 0 ? "not" : "something else")}.");
        }
    }

    internal byte[]? ReadSecret()
    {
        var bytes = new byte[64];
        return Secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(Secret[SecretPrefix.Length..], bytes, out var length) && length >= 24
            ? bytes[..length]
            : null;
    }
}
