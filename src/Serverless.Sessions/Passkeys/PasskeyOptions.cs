namespace Serverless.Sessions.Passkeys;

public sealed class PasskeyOptions : IValidatableObject
{
    private static readonly char[] Separators = [','];

    [Setting("the domain that passkeys belong to: that of the pages or one above it, without a scheme; empty turns passkeys off. Passkeys "
        + "of one domain are of no use with another",
        "users may log in with passkeys", Allowed = "a domain, in lower case", Local = "localhost")]
    public string RelyingPartyId { get; set; } = "";

    [Setting("the name of your service, which browsers show beside a passkey; empty for the domain", "users may log in with passkeys")]
    public string RelyingPartyName { get; set; } = "";

    [Setting("the origins of the pages that may use passkeys; empty for `https://` and the domain", "the pages have other origins",
        Allowed = "origins as a browser sends them (https, or http for localhost), separated by commas", Local = "http://localhost:7071")]
    public string Origins { get; set; } = "";

    [Setting("whether a mail may set a password for an account that was registered with a passkey instead of one",
        "users lose all their passkeys; whoever reads a user's mail can then take the account over")]
    public bool AllowPasswordRecovery { get; set; }

    public bool IsOn => RelyingPartyId.Length > 0;

    /// <summary>Whether a mail may set the password of an account.</summary>
    internal bool MayReset(Account account) => AllowPasswordRecovery || !account.IsPasskeyOnly;

    public IReadOnlyList<string> AllowedOrigins =>
        Origins.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is { Length: > 0 } origins ? origins : IsOn ? [$"https://{RelyingPartyId}"] : [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn)
            yield break;
        if (Uri.CheckHostName(RelyingPartyId) != UriHostNameType.Dns || !Ascii.IsValid(RelyingPartyId) || RelyingPartyId.Any(char.IsUpper))
        {
            // Browsers send other letters as punycode.
            yield return new(
                $"Passkeys__{nameof(RelyingPartyId)} must be a domain in lower case and ASCII (xn--...), without a scheme, but is "
                + $"{Setting.Show(RelyingPartyId)}.");
            yield break;
        }

        foreach (var origin in AllowedOrigins)
        {
            if (!IsOrigin(origin, out var host))
            {
                yield return new(
                    $"Passkeys__{nameof(Origins)} must be origins such as https://app.example.com (http only for localhost), separated by "
                    + $"commas, but one is {Setting.Show(origin)}.");
            }
            else if (host != RelyingPartyId && !host.EndsWith($".{RelyingPartyId}", StringComparison.Ordinal))
            {
                yield return new(
                    $"Passkeys__{nameof(Origins)} must be within {RelyingPartyId}, which is Passkeys__{nameof(RelyingPartyId)}, but one is "
                    + $"{Setting.Show(origin)}.");
            }
        }
    }

    // Browsers send origins in lower case and without a path, even a slash; anything else would never match.
    private static bool IsOrigin(string text, out string host)
    {
        var isOrigin = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == text
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.Host == "localhost"));
        host = isOrigin ? uri!.Host : "";
        return isOrigin;
    }
}
