using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>
/// The body of an entity-group transaction: one change set, each change an HTTP request of its own
/// (https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions).
/// </summary>
internal static class TransactionRequest
{
    /// <summary>Azurite takes no boundaries but those that begin with <c>batch_</c> and <c>changeset_</c>.</summary>
    public static string NewBoundary() => $"batch_{Guid.NewGuid()}";

    public static void Write(
        PooledContent body,
        string boundary,
        string table,
        string endpoint,
        IEnumerable<TableTransactionAction> actions)
    {
        var changeSet = $"changeset_{Guid.NewGuid()}";
        body.Write($"--{boundary}\r\nContent-Type: multipart/mixed; boundary={changeSet}\r\n\r\n");
        using var json = new Utf8JsonWriter(body);
        foreach (var action in actions)
        {
            body.Write($"--{changeSet}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            WriteChange(body, json, table, endpoint, action);
            body.Write("\r\n");
        }

        body.Write($"--{changeSet}--\r\n--{boundary}--\r\n");
    }

    private static void WriteChange(
        PooledContent body,
        Utf8JsonWriter json,
        string table,
        string endpoint,
        TableTransactionAction action)
    {
        var entity = action.Entity;
        var (method, path, condition) = action.ActionType switch
        {
            TableTransactionActionType.Add => ("POST", table, null),
            TableTransactionActionType.UpdateMerge => ("PATCH", PathOf(entity), IfMatch(action.ETag)),
            TableTransactionActionType.UpdateReplace => ("PUT", PathOf(entity), IfMatch(action.ETag)),
            TableTransactionActionType.UpsertMerge => ("PATCH", PathOf(entity), null),
            TableTransactionActionType.UpsertReplace => ("PUT", PathOf(entity), null),
            TableTransactionActionType.Delete => ("DELETE", PathOf(entity), IfMatch(action.ETag) ?? "*"),
            _ => throw new InvalidOperationException("Unknown request type."),
        };
        body.Write($"{method} {endpoint}{path} HTTP/1.1\r\nAccept: {TableEndpoint.Json}\r\nDataServiceVersion: 3.0\r\n");
        if (method == "POST")
            body.Write("Prefer: return-no-content\r\n");
        if (condition is not null)
            body.Write($"If-Match: {condition}\r\n");
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            body.Write("\r\n");
            return;
        }

        body.Write("Content-Type: application/json;odata=nometadata\r\n\r\n");
        json.Reset();
        EntityWriter.Write(json, entity);
        json.Flush();
        body.Write("\r\n");

        string PathOf(ITableEntity entity) => TablePaths.Entity(table, entity.PartitionKey, entity.RowKey);
    }

    /// <summary>An update without a version inserts what isn't there, as with the official package.</summary>
    private static string? IfMatch(ETag etag) => etag == default ? null : etag.ToString();
}
