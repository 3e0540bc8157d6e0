namespace Serverless.Functions.Http;

internal sealed record EmbeddedFile(ReadOnlyMemory<byte> Content, string ContentType, string EntityTag)
{
    /// <summary>The files with a prefix such as <c>dashboard/</c>, by name; none if the build embedded none.</summary>
    public static Dictionary<string, EmbeddedFile> ReadAll(string prefix) => typeof(EmbeddedFile).Assembly
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(name => name[prefix.Length..], Read);

    public static EmbeddedFile Read(string name)
    {
        using var resource = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return new(content, TypeOf(name), CacheableReplies.TagOf(content));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" => Replies.Json,
        _ => throw new InvalidOperationException($"{name} has no known content type."),
    };
}
