#nullable disable annotations // Oblivious, as the official package is: callers get the same warnings from both.

using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The tables of an account.</summary>
public class TableServiceClient
{
    private readonly TableEndpoint _endpoint;

    /// <summary>A client by connection string.</summary>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <summary>A client by connection string.</summary>
    public TableServiceClient(string connectionString, TableClientOptions options = null) =>
        _endpoint = TableEndpoint.From(connectionString, options);

    /// <summary>A client that signs with the account's key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>A client that signs with the account's key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options) =>
        _endpoint = TableEndpoint.From(endpoint, credential, options);

    /// <summary>A client that sends tokens. The endpoint must be https.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null) =>
        _endpoint = TableEndpoint.From(endpoint, tokenCredential, options);

    /// <summary>For tests that derive a client of their own.</summary>
    protected TableServiceClient()
    {
    }

    /// <summary>The name of the account.</summary>
    public virtual string AccountName => _endpoint.AccountName;

    /// <summary>Where the account's tables are.</summary>
    public virtual Uri Uri => _endpoint.Uri;

    /// <summary>A filter in which each interpolated value stands as an OData literal of its type.</summary>
    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    /// <summary>A client for one table, over the same connections.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(_endpoint, tableName);
    }

    /// <summary>Makes a table; fails if it exists.</summary>
    public virtual async Task<Response<TableItem>> CreateTableAsync(
        string tableName,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        var response = await _endpoint.CreateTableAsync(tableName, allowExisting: false, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(tableName), response);
    }

    /// <summary>Makes a table unless it exists, which the raw response's status 409 tells.</summary>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(
        string tableName,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        var response = await _endpoint.CreateTableAsync(tableName, allowExisting: true, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(tableName), response);
    }

    /// <summary>Deletes a table. One that isn't there is no error; the response's status is 404.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        return _endpoint.DeleteTableAsync(tableName, cancellationToken);
    }

    /// <summary>The account's tables.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(
        string filter = null,
        int? maxPerPage = null,
        CancellationToken cancellationToken = default) =>
        new TablePageable<TableItem>(
            (continuation, pageSize, cancellation) => ReadPageAsync(filter, continuation, pageSize, cancellation),
            maxPerPage,
            cancellationToken);

    private async Task<Page<TableItem>> ReadPageAsync(
        string filter,
        string continuation,
        int? pageSize,
        CancellationToken cancellationToken)
    {
        using var message = _endpoint.CreateMessage(RequestMethod.Get, "Tables");
        TableQuery.Append(message.Request.Uri, filter, select: null, pageSize);
        if (continuation is not null)
            message.Request.Uri.AppendQuery("NextTableName", continuation, escapeValue: true);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);

        using var document = JsonDocument.Parse(response.Content.ToMemory());
        var tables = document.RootElement.GetProperty("value").EnumerateArray()
            .Select(table => new TableItem(table.GetProperty("TableName").GetString()))
            .ToList();
        response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var next);
        return Page<TableItem>.FromValues(tables, next, response);
    }
}
