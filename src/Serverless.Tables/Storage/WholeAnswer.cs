namespace Serverless.Tables.Storage;

/// <summary>Reads the body within the time limit of the try. The pipeline would restart the limit with each chunk, and wait for
/// ever for a server that sends slowly.</summary>
internal sealed class WholeAnswer : HttpPipelinePolicy
{
    private const int UsualSize = 1024;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (!message.BufferResponse || message.Response.ContentStream is not { CanSeek: false } body)
            return;
        await using (body)
        {
            var whole = new MemoryStream(message.Response.Headers.ContentLength ?? UsualSize);
            await body.CopyToAsync(whole, message.CancellationToken);
            whole.Position = 0;
            message.Response.ContentStream = whole;
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Azure is used asynchronously.");
}
