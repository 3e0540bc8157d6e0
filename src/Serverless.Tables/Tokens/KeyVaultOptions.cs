using System.ComponentModel.DataAnnotations;

namespace Serverless.Tables.Tokens;

public sealed class KeyVaultOptions
{
    internal const string VaultIsMissing =
        $"Keys__{nameof(VaultUri)} must be set to the key vault that holds the signing keys, but is not set: only in Development "
        + "(AZURE_FUNCTIONS_ENVIRONMENT) are they kept in table storage, since anyone who can read the table could sign tokens.";

    [Setting("the key vault that holds the keys, reached with the app's managed identity", "you deploy: `https://myvault.vault.azure.net`")]
    [HttpsUrl]
    public Uri? VaultUri { get; set; }

    [Setting("the secret of the vault that holds them", "several apps share a vault, or [a key has leaked](operations.md#rotate-keys)")]
    [Required, RegularExpression("^[0-9A-Za-z-]{1,127}$", ErrorMessage = "{0} must be 1 to 127 letters, digits and hyphens"), Sensitive]
    public string SecretName { get; set; } = "session-keys";
}
