using System.Net.Http.Json;

namespace Serverless.LocalHost.Tests;

/// <summary>What the function of this name answers.</summary>
public sealed record Echo(
    string Method, string Url, string? Word, IReadOnlyDictionary<string, string> Headers, string Body,
    IReadOnlyDictionary<string, string?> Data, string Trace, int ProcessId, IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string?> Environment)
{
    public static async Task<Echo> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Echo>())!;
    }

    public static async Task<Echo> OfAsync(HttpClient client, string path = "things/echo")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await OfAsync(client, request);
    }
}
