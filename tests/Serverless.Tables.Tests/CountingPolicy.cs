using Azure.Core.Pipeline;

namespace Serverless.Tables.Tests;

/// <summary>Stands before the transport, so each try of a call counts as one.</summary>
internal sealed class CountingPolicy : HttpPipelineSynchronousPolicy
{
    private ConcurrentQueue<string> _requests = [];

    public int Reads => _requests.Count(request => request.StartsWith("GET", StringComparison.Ordinal));
    public int Writes => _requests.Count - Reads;
    public int Total => _requests.Count;

    public void Reset() => _requests = [];

    public override void OnSendingRequest(HttpMessage message) => _requests.Enqueue($"{message.Request.Method} {message.Request.Uri.Path}");
}
