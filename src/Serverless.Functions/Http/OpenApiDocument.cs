namespace Serverless.Functions.Http;

/// <summary>GET openapi.json: the API as OpenAPI 3.1, generated from the attributes of the functions by src/Serverless.Documents.</summary>
public static class OpenApiDocument
{
    private static readonly TimeSpan Cache = TimeSpan.FromHours(1);
    private static readonly byte[] Content = Load();
    private static readonly string EntityTag = CacheableReplies.TagOf(Content);

    [Function(nameof(OpenApiDocument))]
    [Operation("Returns this document.", Access = Access.Anyone)]
    [Answers(200, "The document.", Caching = Caching.Public, Schema = "Document")]
    public static Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequestData request) =>
        request.ReplyCacheableAsync(Content, "application/json; charset=utf-8", EntityTag, Cache);

    private static byte[] Load()
    {
        using var resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
