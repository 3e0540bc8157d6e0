using System.Reflection;

namespace Serverless.Functions.Pages;

/// <summary>A file of a page, embedded in this assembly by the build.</summary>
internal sealed record PageFile(ReadOnlyMemory<byte> Content, string ContentType, string EntityTag)
{
    /// <summary>The embedded files with a prefix such as <c>dashboard/</c>, by name; none if the assembly was built without the
    /// page.</summary>
    public static Dictionary<string, PageFile> Load(string prefix)
    {
        var assembly = typeof(PageFile).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static PageFile Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
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
        _ => throw new InvalidOperationException($"{name} has no known content type."),
    };
}
