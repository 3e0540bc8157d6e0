using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace Serverless.Tables.Storage;

/// <summary>A missing, existing or changed row is a result; every other failure of storage is an outage, and throws
/// <see cref="StorageUnavailableException"/>.</summary>
internal static class StorageCall
{
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

    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Names the cause of an outage without the exception's message, which may repeat what was sent: the status and its
    /// code, or the exception's type, of the last try and of the innermost exception.</summary>
    public static string CauseOf(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed =>
            $"{nameof(RequestFailedException)} {failed.Status} {failed.ErrorCode}".TrimEnd(),
        // Its inner exceptions are the failures of each credential of the chain.
        CredentialUnavailableException => nameof(CredentialUnavailableException),
        AggregateException { InnerExceptions: [.., var last] } => CauseOf(last),
        { InnerException: { } inner } => CauseOf(inner),
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        _ => exception.GetType().Name,
    };

    private static StorageUnavailableException ToOutage(Exception exception) =>
        new("Table storage can't be used right now: " + CauseOf(exception), exception);
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
