using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Tables.Storage;

/// <summary>
/// A person waits: a few quick tries, then an answer that says when to come back. A service that asks for a longer pause than
/// that isn't tried again, since the pipeline would sit the pause out, however long it is.
/// </summary>
internal sealed class QuickRetries(int retries) : RetryPolicy(
    retries, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(100), LongestPause))
{
    /// <summary>The longest pause between two tries.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // All that the pipeline takes a pause from, and what each counts in.
    private static readonly (string Name, TimeSpan Unit)[] Pauses =
    [
        ("Retry-After", TimeSpan.FromSeconds(1)),
        ("retry-after-ms", TimeSpan.FromMilliseconds(1)),
        ("x-ms-retry-after-ms", TimeSpan.FromMilliseconds(1)),
    ];

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        !AsksForMore(message) && await base.ShouldRetryAsync(message, exception);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        !AsksForMore(message) && base.ShouldRetry(message, exception);

    private static bool AsksForMore(HttpMessage message) => message.HasResponse && Pauses.Any(pause =>
        message.Response.Headers.TryGetValue(pause.Name, out var text)
        && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count * pause.Unit > LongestPause));
}
