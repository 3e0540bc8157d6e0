using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Tables.Storage;

/// <summary>
/// A person waits: a few quick tries, then an answer that says when to come back. Storage that asks for a longer pause than
/// that isn't tried again, since the pipeline would sit the pause out, however long it is.
/// </summary>
internal sealed class QuickRetries() : RetryPolicy(
    maxRetries: 2, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(100), LongestPause))
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        !AsksForMore(message) && await base.ShouldRetryAsync(message, exception).ConfigureAwait(false);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        !AsksForMore(message) && base.ShouldRetry(message, exception);

    private static bool AsksForMore(HttpMessage message) =>
        message.HasResponse
        && message.Response.Headers.TryGetValue("Retry-After", out var text)
        && (!int.TryParse(text, out var seconds) || seconds > LongestPause.TotalSeconds);
}
