using System.Reflection;
using Serverless.Functions.Http;

namespace Serverless.Functions.Dashboard;

/// <summary>A file of the dashboard, as the build of src/dashboard left it in this assembly.</summary>
internal sealed record DashboardFile(ReadOnlyMemory<byte> Content, string ContentType, string EntityTag)
{
    /// <summary>The name of the page itself.</summary>
    public const string Page = "index.html";

    private const string Prefix = "dashboard/";

    // Read when somebody asks: a start has no use for them.
    private static readonly Lazy<Dictionary<string, DashboardFile>> Loaded = new(Load);

    /// <summary>All of them by name; none where the assembly was built without the dashboard.</summary>
    public static IReadOnlyDictionary<string, DashboardFile> All => Loaded.Value;

    private static Dictionary<string, DashboardFile> Load()
    {
        var assembly = typeof(DashboardFile).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static DashboardFile Read(Assembly assembly, string name)
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
        _ => throw new InvalidOperationException($"{name} is of no type that the dashboard has."),
    };
}
