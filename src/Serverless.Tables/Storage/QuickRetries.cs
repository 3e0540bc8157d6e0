namespace Serverless.Tables.Storage;

/// <summary>A few quick tries, since a person waits. Doesn't retry when the service asks for a longer pause, because the pipeline
/// would wait for as long as it says.</summary>
internal sealed class QuickRetries(int retries) : RetryPolicy(
    retries, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(100), LongestPause))
{
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // The headers that the pipeline takes a pause from, with their units.
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
