using System.ComponentModel.DataAnnotations;

namespace Serverless.Tables.Storage;

/// <summary>Validates a connection string by the table client's own parser. Null and empty are valid.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionStringAttribute() : ValidationAttribute("{0} must be a storage connection string such as UseDevelopmentStorage=true")
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
