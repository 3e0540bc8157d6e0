using System.ComponentModel.DataAnnotations;

namespace Serverless.Tables.KeyVault;

/// <summary>The vault that holds the key ring. Section <c>Keys</c>.</summary>
public sealed class KeyVaultOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Keys";

    /// <summary>The vault, reached with the app's managed identity, which needs to get and set secrets.</summary>
    /// <value>An https URL, such as https://myvault.vault.azure.net. Default none: then the app only starts in Development.</value>
    public Uri? VaultUri { get; set; }

    /// <summary>The secret that holds the ring.</summary>
    /// <value>1 to 127 letters, digits and hyphens. Default session-keys.</value>
    [Required, RegularExpression("^[0-9A-Za-z-]{1,127}$")]
    public string SecretName { get; set; } = "session-keys";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (VaultUri is { } uri && (!uri.IsAbsoluteUri || uri.Scheme != Uri.UriSchemeHttps))
            yield return new($"{Section}:{nameof(VaultUri)} must be an https URL.");
    }
}
