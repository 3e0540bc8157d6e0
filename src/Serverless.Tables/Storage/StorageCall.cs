using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace Serverless.Tables.Storage;

/// <summary>A missing, existing or changed row is a result; every other failure of storage is an outage.</summary>
internal static class StorageCall
{
    /// <exception cref="StorageUnavailableException">Storage can't be reached, or its answer is not valid.</exception>
    public static async Task<StorageAnswer<T>> SendAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await call;
            // The table client treats a deletion of a missing row or table as done.
            return result is Response { Status: 404 } missing ? throw new RequestFailedException(missing) : new(result, Conflict.None);
        }
        catch (RequestFailedException exception) when (RefusalOf(exception) is var refusal and not Conflict.None)
        {
            return new(default, refusal);
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            throw ToOutage(exception);
        }
    }

    /// <exception cref="StorageUnavailableException">Storage can't be reached, or its answer is not valid.</exception>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        AsyncPageable<T> pages,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        await using var enumerator = pages.GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
            yield return enumerator.Current;

        async Task<bool> MoveNextAsync()
        {
            try
            {
                return await enumerator.MoveNextAsync();
            }
            catch (Exception exception) when (IsOutage(exception, cancellationToken))
            {
                throw ToOutage(exception);
            }
        }
    }

    // A missing table is an outage, not a missing row.
    private static Conflict RefusalOf(RequestFailedException exception) => exception.Status switch
    {
        404 when exception.ErrorCode == TableErrorCode.ResourceNotFound || exception.ErrorCode == TableErrorCode.EntityNotFound
            => Conflict.NotFound,
        409 when exception.ErrorCode == TableErrorCode.EntityAlreadyExists => Conflict.Exists,
        412 => Conflict.Changed,
        _ => Conflict.None,
    };

    /// <summary>Whether a call to Azure failed for a reason that may pass. Azure.Core throws the failures of several tries
    /// together, and cancels by itself when the network hangs. A reply that breaks off shows as invalid JSON, the end of a
    /// stream, or, in a transaction, as invalid data or an invalid operation.</summary>
    public static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RequestFailedException or AuthenticationFailedException or AggregateException or IOException or JsonException
            or InvalidOperationException or InvalidDataException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private static StorageUnavailableException ToOutage(Exception exception) =>
        new("Table storage can't be used right now: " + OutageCause.Of(exception), exception);
}

internal readonly record struct StorageAnswer<T>(T? Value, Conflict Conflict)
{
    public bool Done => Conflict == Conflict.None;
}

internal enum Conflict
{
    None,
    NotFound,
    Exists,
    Changed,
}
