using System.Security.Cryptography;
using System.Text;

namespace Serverless.Functions.Timeline;

/// <summary>The signature of Standard Webhooks: HMAC-SHA256 over id, timestamp and body
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).</summary>
internal static class WebhookSignature
{
    /// <param name="key">The secret without its prefix, decoded.</param>
    /// <param name="timestamp">Unix seconds.</param>
    public static string Of(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, [.. head, .. body]))}";
    }
}
