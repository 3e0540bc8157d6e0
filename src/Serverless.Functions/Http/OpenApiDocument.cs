namespace Serverless.Functions.Http;

/// <summary>The API as OpenAPI 3.1, generated from the attributes of the functions by src/Serverless.Documents.</summary>
public static class OpenApiDocument
{
    private static readonly TimeSpan Cache = TimeSpan.FromHours(1);
    private static readonly EmbeddedFile Document = EmbeddedFile.Read("openapi.json");

    [Function(nameof(OpenApiDocument))]
    [Operation("Returns this document.", Access = Access.Anyone)]
    [Answers(200, "The document.", Caching = Caching.Public, Schema = "Document")]
    public static Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "openapi.json")] HttpRequestData request) =>
        request.ReplyCacheableAsync(Document.Content, Document.ContentType, Document.EntityTag, Cache);
}
