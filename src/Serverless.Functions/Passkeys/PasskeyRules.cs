namespace Serverless.Functions.Passkeys;

/// <summary>A page that may use passkeys has to be one that the app lets in: where other origins than its own are allowed, one of them.
/// The templates give the platform's CORS the same list as the cookies. And without passkeys,
/// administrators who need one would be locked out.</summary>
internal sealed class PasskeyRules(
    IOptions<RefreshCookieOptions> cookies, IOptions<TokenOptions> tokens, IOptions<AdministratorOptions> administrators)
    : IValidateOptions<PasskeyOptions>
{
    public ValidateOptionsResult Validate(string? name, PasskeyOptions options)
    {
        if (!options.IsOn && ValueOf(administrators)?.RequirePasskey == true)
        {
            return ValidateOptionsResult.Fail(
                $"Passkeys__{nameof(PasskeyOptions.RelyingPartyId)} must be set, since "
                + $"Administrator__{nameof(AdministratorOptions.RequirePasskey)} is true, but is not.");
        }

        if (!options.IsOn || ValueOf(cookies)?.Origins is not { Count: > 0 } allowed || ValueOf(tokens) is not { } token)
            return ValidateOptionsResult.Success;
        var own = Uri.TryCreate(token.Issuer, UriKind.Absolute, out var issuer) ? issuer.GetLeftPart(UriPartial.Authority) : null;
        var unknown = options.AllowedOrigins.Where(origin => origin != own && !allowed.Contains(origin)).ToList();
        return unknown.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown.Select(origin =>
            $"Passkeys__{nameof(PasskeyOptions.Origins)} must be among Cookies__{nameof(RefreshCookieOptions.AllowedOrigins)}, "
            + $"or the origin of Tokens__{nameof(TokenOptions.Issuer)}, but one is {Setting.Show(origin)}."));
    }

    // A wrong setting is reported by its own section.
    private static T? ValueOf<T>(IOptions<T> section)
        where T : class
    {
        try
        {
            return section.Value;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
