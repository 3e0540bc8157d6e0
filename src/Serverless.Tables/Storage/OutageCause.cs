using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace Serverless.Tables.Storage;

/// <summary>Names what was wrong when a service of Azure couldn't be used. Messages stay out of it: they may repeat what was
/// sent.</summary>
internal static class OutageCause
{
    /// <summary>A status and its code, or the kind of the failure. Of several tries the last one counts, and of failures within
    /// each other the innermost.</summary>
    public static string Of(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed => $"{nameof(RequestFailedException)} {failed.Status} {failed.ErrorCode}".TrimEnd(),
        // Within it are the failures of each kind of identity that might have been there.
        CredentialUnavailableException => nameof(CredentialUnavailableException),
        AggregateException { InnerExceptions: [.., var last] } => Of(last),
        { InnerException: { } inner } => Of(inner),
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        _ => exception.GetType().Name,
    };
}
