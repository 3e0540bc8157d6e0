using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

public class WorkerOptions
{
    /// <summary>Reads and writes all JSON; by default System.Text.Json with the app's <c>JsonSerializerOptions</c>.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
