using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Serverless.Sessions.Storage;

namespace Serverless.Tables.Storage;

/// <summary>
/// The one place that says what an answer of storage means. That a row isn't there, is there already or has changed are
/// results; everything else that goes wrong is an outage.
/// </summary>
internal static class StorageCall
{
    /// <summary>Calls storage.</summary>
    /// <exception cref="StorageUnavailableException">Storage can't be reached, or doesn't answer as it should.</exception>
    public static async Task<StorageAnswer<T>> SendAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await call;
            // The client of tables takes a deletion as done where there is no such row, or no such table.
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

    /// <summary>Reads pages of storage.</summary>
    /// <exception cref="StorageUnavailableException">Storage can't be reached, or doesn't answer as it should.</exception>
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

    // A missing table is no missing row: it says nothing about what was asked.
    private static Conflict RefusalOf(RequestFailedException exception) => exception.Status switch
    {
        404 when exception.ErrorCode == TableErrorCode.ResourceNotFound || exception.ErrorCode == TableErrorCode.EntityNotFound
            => Conflict.NotFound,
        409 when exception.ErrorCode == TableErrorCode.EntityAlreadyExists => Conflict.Exists,
        412 => Conflict.Changed,
        _ => Conflict.None,
    };

    /// <summary>Whether a call to a service of Azure failed for what may pass. Azure.Core throws the failures of several tries together,
    /// and a cancellation of its own when the network hangs. A reply that breaks off in the middle shows as broken JSON or as the
    /// end of a stream, and a transaction's reply whose parts the client can't tell
    /// apart as invalid data or an invalid operation.</summary>
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

/// <summary>What storage answered.</summary>
/// <param name="Value">The result, unless it refused.</param>
/// <param name="Conflict">Whether and why it refused.</param>
internal readonly record struct StorageAnswer<T>(T? Value, Conflict Conflict)
{
    /// <summary>Whether it did as it was told.</summary>
    public bool Done => Conflict == Conflict.None;
}

/// <summary>Why storage did nothing.</summary>
internal enum Conflict
{
    /// <summary>It did.</summary>
    None,

    /// <summary>There is no such row.</summary>
    NotFound,

    /// <summary>There is such a row already.</summary>
    Exists,

    /// <summary>The row isn't in the expected state.</summary>
    Changed,
}
