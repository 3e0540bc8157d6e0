using System.Net.Sockets;
using Azure.Identity;

namespace Serverless.Tables.Storage;

/// <summary>Names the cause of an outage without the exception's message, which may repeat what was sent.</summary>
internal static class OutageCause
{
    /// <summary>The status and its code, or the exception's type: of the last try, and of the innermost exception.</summary>
    public static string Of(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed => $"{nameof(RequestFailedException)} {failed.Status} {failed.ErrorCode}".TrimEnd(),
        // Its inner exceptions are the failures of each credential of the chain.
        CredentialUnavailableException => nameof(CredentialUnavailableException),
        AggregateException { InnerExceptions: [.., var last] } => Of(last),
        { InnerException: { } inner } => Of(inner),
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        _ => exception.GetType().Name,
    };
}
