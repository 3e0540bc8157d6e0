#nullable disable annotations

using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Does all the changes or none. They are of one partition, at most 100, and each of another entity.</summary>
    /// <returns>A response for each action, in their order.</returns>
    /// <exception cref="TableTransactionFailedException">One of the changes failed.</exception>
    /// <exception cref="RequestFailedException">The service didn't take the request at all.</exception>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    /// <exception cref="IOException">The reply breaks off: whether the transaction happened is unknown.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
            throw new InvalidOperationException("Transaction contains no operations.");
        actions.ForEach(action => CheckKeys(action.Entity));

        using var message = _endpoint.CreateMessage(RequestMethod.Post, "$batch");
        var body = new PooledContent();
        message.Request.Content = body;
        var boundary = TransactionRequest.NewBoundary();
        message.Request.Headers.Add("Content-Type", $"multipart/mixed; boundary={boundary}");
        TransactionRequest.Write(body, boundary, Name, _endpoint.Base.AbsoluteUri, actions);

        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (response.Status != 202)
            throw new RequestFailedException(response);
        var parts = TransactionReply.Parse(response.Content.ToMemory(), response.Headers.ContentType);
        if (parts.Find(part => part.IsError) is { } failed)
            throw new TableTransactionFailedException(new RequestFailedException(failed, null, TableErrorParser.Instance));
        if (parts.Count != actions.Count)
            throw new IOException($"The transaction has {actions.Count} actions, its reply {parts.Count} answers.");
        return Response.FromValue<IReadOnlyList<Response>>(parts, response);
    }
}
