using System.ComponentModel.DataAnnotations;
using Serverless.Sessions.Settings;

namespace Serverless.Tables.Tokens;

/// <summary>The vault that holds the key ring. Section <c>Keys</c>.</summary>
public sealed class KeyVaultOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Keys";

    internal const string VaultIsMissing =
        $"{Section}__{nameof(VaultUri)} must be set to the key vault that holds the signing keys, but is not set: only in Development "
        + "(AZURE_FUNCTIONS_ENVIRONMENT) are they kept in table storage, since whoever can read the table could sign tokens.";

    /// <summary>The vault, reached with the app's managed identity, which needs to get and set secrets.</summary>
    /// <value>An https URL, such as https://myvault.vault.azure.net. Default none: then the app only starts in Development.</value>
    [HttpsUrl]
    public Uri? VaultUri { get; set; }

    /// <summary>The secret that holds the ring.</summary>
    /// <value>1 to 127 letters, digits and hyphens. Default session-keys.</value>
    [Required, RegularExpression("^[0-9A-Za-z-]{1,127}$", ErrorMessage = "{0} must be 1 to 127 letters, digits and hyphens"), Sensitive]
    public string SecretName { get; set; } = "session-keys";
}
