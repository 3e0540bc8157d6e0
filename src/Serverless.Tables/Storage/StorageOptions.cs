using System.ComponentModel.DataAnnotations;

namespace Serverless.Tables.Storage;

public sealed class StorageOptions : IValidatableObject
{
    [Setting("how to reach a storage account with its key", "you run with Azurite; in Azure use the identity instead",
        Local = "UseDevelopmentStorage=true")]
    [ConnectionString, Sensitive]
    public string? ConnectionString { get; set; }

    [Setting("the table endpoint of a storage account, reached with the app's managed identity",
        "you deploy: `https://myaccount.table.core.windows.net`"), HttpsUrl, Sensitive]
    public Uri? TableServiceUri { get; set; }

    [Setting("what the names of all tables begin with", "several environments share a storage account")]
    [RegularExpression("^([A-Za-z][A-Za-z0-9]{0,39})?$",
        ErrorMessage = "{0} must be at most 40 letters and digits, beginning with a letter")]
    public string TablePrefix { get; set; } = "";

    [Setting("over how many partitions an hour of the timeline is spread",
        "logins and endings come near 2,000 a second for each; raise it at any time, never lower it"), Range(1, 256)]
    public int TimelineShards { get; set; } = 16;

    [Setting("whether tables that don't exist are created on first use", "the deployment creates the tables itself")]
    public bool CreateTables { get; set; } = true;

    [Setting("how long storage may take to answer before a call is tried again, twice at most",
        "storage is far away, or requests should fail sooner during an outage"), Duration("00:00:01", "00:01:00")]
    public TimeSpan NetworkTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(ConnectionString) == TableServiceUri is null)
        {
            yield return new(
                $"Either Storage__{nameof(ConnectionString)} or Storage__{nameof(TableServiceUri)} must be set, "
                + $"but {(TableServiceUri is null ? "neither is" : "both are")}.");
        }
    }
}

/// <summary>Validates a connection string by the table client's own parser. Null and empty are valid.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionStringAttribute()
    : ValidationAttribute("{0} must be a storage connection string such as UseDevelopmentStorage=true")
{
    public override bool IsValid(object? value)
    {
        if (value is not string { Length: > 0 } text)
            return true;
        try
        {
            _ = new TableServiceClient(text);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
