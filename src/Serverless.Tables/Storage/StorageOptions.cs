using System.ComponentModel.DataAnnotations;
using Serverless.Sessions.Settings;

namespace Serverless.Tables.Storage;

/// <summary>Where the tables are. Section <c>Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>How to reach a storage account with its key: for Azurite. Either this or <see cref="TableServiceUri"/>.</summary>
    /// <value>A storage connection string, such as UseDevelopmentStorage=true. Default none.</value>
    [ConnectionString, Sensitive]
    public string? ConnectionString { get; set; }

    /// <summary>The table endpoint of a storage account that is reached with the app's managed identity.</summary>
    /// <value>An https URL, such as https://myaccount.table.core.windows.net. Default none.</value>
    [HttpsUrl, Sensitive]
    public Uri? TableServiceUri { get; set; }

    /// <summary>What the names of all tables begin with, so that several environments can share an account.</summary>
    /// <value>At most 40 letters and digits, beginning with a letter. Default none.</value>
    [RegularExpression("^([A-Za-z][A-Za-z0-9]{0,39})?$", ErrorMessage = "{0} must be at most 40 letters and digits, beginning with a letter")]
    public string TablePrefix { get; set; } = "";

    /// <summary>Over how many partitions an hour of the timeline is spread: one takes about 2,000 writes a second. It may be
    /// raised at any time, and never lowered.</summary>
    /// <value>Partitions, 1 to 256. Default 16.</value>
    [Range(1, 256)]
    public int TimelineShards { get; set; } = 16;

    /// <summary>Whether tables that don't exist are made on first use.</summary>
    /// <value>Default true. A deployment that makes its tables itself turns it off.</value>
    public bool CreateTables { get; set; } = true;

    /// <summary>How long storage may take to answer, before the call is tried again (twice at most).</summary>
    /// <value>Milliseconds, 100 to 60,000. Default 5,000.</value>
    [Range(100, 60_000)]
    public int NetworkTimeoutMilliseconds { get; set; } = 5_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(ConnectionString) == TableServiceUri is null)
        {
            yield return new(
                $"Either {Section}__{nameof(ConnectionString)} or {Section}__{nameof(TableServiceUri)} must be set, "
                + $"but {(TableServiceUri is null ? "neither is" : "both are")}.");
        }
    }
}
