using Azure.Core.Pipeline;

namespace Serverless.Tables.Tests;

/// <summary>Stands before the transport, so each try of a call counts as one.</summary>
internal sealed class CountingPolicy : HttpPipelineSynchronousPolicy
{
    private ConcurrentQueue<RequestMethod> _requests = [];

    /// <summary>The transactions of this operation alone.</summary>
    public async Task<TransactionCost> CountAsync(Func<Task> operation)
    {
        _requests = [];
        await operation();
        var reads = _requests.Count(method => method == RequestMethod.Get);
        return new(reads, _requests.Count - reads);
    }

    public override void OnSendingRequest(HttpMessage message) => _requests.Enqueue(message.Request.Method);
}
