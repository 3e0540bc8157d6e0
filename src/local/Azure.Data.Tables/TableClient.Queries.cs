#nullable disable annotations

using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Reads an entity; fails with 404 if it isn't there.</summary>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = CreateRead(partitionKey, rowKey, select, classifier: null);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(EntityReader<T>.ReadOne(response.Content.ToMemory().Span), response);
    }

    /// <summary>Reads an entity; one that isn't there, or whose table isn't, gives a response without a value.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey,
        string rowKey,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = CreateRead(partitionKey, rowKey, select, TableEndpoint.Expected.FoundOrMissing);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return response.Status == 404
            ? new MissingEntityResponse<T>(response)
            : Response.FromValue(EntityReader<T>.ReadOne(response.Content.ToMemory().Span), response);
    }

    /// <summary>Reads the entities that match an OData filter, page by page in the order of their keys.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null,
        int? maxPerPage = null,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        var properties = Join(select);
        return new TablePageable<T>(
            (continuation, pageSize, cancellation) => ReadPageAsync<T>(filter, properties, continuation, pageSize, cancellation),
            maxPerPage,
            cancellationToken);
    }

    private static string Join(IEnumerable<string> select) => select is null ? null : string.Join(",", select);

    private HttpMessage CreateRead(string partitionKey, string rowKey, IEnumerable<string> select, ResponseClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var message = _endpoint.CreateMessage(RequestMethod.Get, TablePaths.Entity(Name, partitionKey, rowKey), classifier);
        TableQuery.Append(message.Request.Uri, filter: null, Join(select), top: null);
        return message;
    }

    private async Task<Page<T>> ReadPageAsync<T>(
        string filter,
        string select,
        string continuation,
        int? pageSize,
        CancellationToken cancellationToken)
        where T : ITableEntity
    {
        using var message = _endpoint.CreateMessage(RequestMethod.Get, TablePaths.Entities(Name));
        var uri = message.Request.Uri;
        TableQuery.Append(uri, filter, select, pageSize);
        var (nextPartitionKey, nextRowKey) = ContinuationToken.Parse(continuation);
        if (nextPartitionKey is not null)
            uri.AppendQuery("NextPartitionKey", nextPartitionKey, escapeValue: true);
        if (nextRowKey is not null)
            uri.AppendQuery("NextRowKey", nextRowKey, escapeValue: true);

        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var entities = EntityReader<T>.ReadMany(response.Content.ToMemory().Span);
        return Page<T>.FromValues(entities, ContinuationToken.From(response), response);
    }
}
