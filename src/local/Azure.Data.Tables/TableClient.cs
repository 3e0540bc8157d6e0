#nullable disable annotations // Oblivious, as the official package is: callers get the same warnings from both.

using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>One table. Clients are safe to share between threads.</summary>
public partial class TableClient
{
    private readonly TableEndpoint _endpoint;

    /// <summary>A client by connection string.</summary>
    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <summary>A client by connection string.</summary>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableEndpoint.From(connectionString, options), tableName)
    {
    }

    /// <summary>A client that signs with the account's key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <summary>A client that signs with the account's key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableEndpoint.From(endpoint, credential, options), tableName)
    {
    }

    /// <summary>A client that sends tokens. The endpoint must be https.</summary>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableEndpoint.From(endpoint, tokenCredential, options), tableName)
    {
    }

    /// <summary>For tests that derive a client of their own.</summary>
    protected TableClient()
    {
    }

    internal TableClient(TableEndpoint endpoint, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _endpoint = endpoint;
        Name = tableName;
        Uri = new Uri(endpoint.Base, tableName);
    }

    /// <summary>The name of the table.</summary>
    public virtual string Name { get; }

    /// <summary>The name of the account.</summary>
    public virtual string AccountName => _endpoint.AccountName;

    /// <summary>Where the table is.</summary>
    public virtual Uri Uri { get; }

    /// <summary>A filter in which each interpolated value stands as an OData literal of its type.</summary>
    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    /// <summary>Makes the table; fails if it exists.</summary>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        var response = await _endpoint.CreateTableAsync(Name, allowExisting: false, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Makes the table unless it exists, which the raw response's status 409 tells.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        var response = await _endpoint.CreateTableAsync(Name, allowExisting: true, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Deletes the table. One that isn't there is no error; the response's status is 404.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        _endpoint.DeleteTableAsync(Name, cancellationToken);
}
