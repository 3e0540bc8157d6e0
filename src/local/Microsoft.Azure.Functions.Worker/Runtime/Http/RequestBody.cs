using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

internal static class RequestBody
{
    /// <summary>Below it a buffer is made for the whole body at once; above, a caller must send what it has announced.</summary>
    private const int Small = 64 * 1024;

    /// <summary>Reads the whole body before the function runs; without a Content-Length the host hands over none.</summary>
    internal static ValueTask<Stream> ReadAsync(HttpRequest request) =>
        request.ContentLength is > 0 and var length ? BufferAsync(request, length) : new ValueTask<Stream>(Stream.Null);

    private static async ValueTask<Stream> BufferAsync(HttpRequest request, long length)
    {
        if (length <= Small)
        {
            var bytes = new byte[length];
            await request.Body.ReadExactlyAsync(bytes).ConfigureAwait(false);
            return new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
        }

        var body = new MemoryStream(Small);
        await request.Body.CopyToAsync(body).ConfigureAwait(false);
        body.Position = 0;
        return body;
    }
}
