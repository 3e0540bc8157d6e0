#nullable disable annotations

using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Inserts an entity; fails with 409 EntityAlreadyExists if it is there.</summary>
    /// <returns>A response with the entity's new ETag.</returns>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        CheckKeys(entity);
        using var message = _endpoint.CreateMessage(RequestMethod.Post, Name);
        message.Request.Headers.Add("Prefer", "return-no-content");
        SetBody(message.Request, entity);
        return await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Inserts an entity or changes the one that is there.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity,
        TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        CheckKeys(entity);
        return WriteAsync(entity, condition: null, mode, cancellationToken);
    }

    /// <summary>Changes an entity; fails with 412 if it has another version, with 404 if it isn't there.</summary>
    public virtual Task<Response> UpdateEntityAsync<T>(
        T entity,
        ETag ifMatch,
        TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        CheckKeys(entity);
        if (ifMatch == default)
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        return WriteAsync(entity, ifMatch.ToString(), mode, cancellationToken);
    }

    /// <summary>Deletes an entity, in any version unless one is given. If it isn't there, the response's status is 404.</summary>
    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity,
        ETag ifMatch = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>Deletes an entity, in any version unless one is given. If it isn't there, the response's status is 404.</summary>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey,
        string rowKey,
        ETag ifMatch = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var path = TablePaths.Entity(Name, partitionKey, rowKey);
        using var message = _endpoint.CreateMessage(RequestMethod.Delete, path, TableEndpoint.Expected.DoneOrMissing);
        message.Request.Headers.Add("If-Match", ifMatch == default ? "*" : ifMatch.ToString());
        return await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckKeys(ITableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(entity.RowKey);
    }

    private static void SetBody(Request request, ITableEntity entity)
    {
        var body = new PooledContent();
        request.Content = body; // First of all, so that the message gives the buffer back whatever happens.
        request.Headers.Add("Content-Type", "application/json;odata=nometadata");
        using var writer = new Utf8JsonWriter(body);
        EntityWriter.Write(writer, entity);
    }

    private async Task<Response> WriteAsync(
        ITableEntity entity,
        string condition,
        TableUpdateMode mode,
        CancellationToken cancellationToken)
    {
        var method = mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}"),
        };
        using var message = _endpoint.CreateMessage(method, TablePaths.Entity(Name, entity.PartitionKey, entity.RowKey));
        if (condition is not null)
            message.Request.Headers.Add("If-Match", condition);
        SetBody(message.Request, entity);
        return await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }
}
