namespace Serverless.Testing;

public static class RepositoryRoot
{
    private static readonly DirectoryInfo Tests = new(AppContext.BaseDirectory);

    public static string Path { get; } = Find();

    /// <summary>Where a project is built, in the same configuration (Debug, Release) as these tests.</summary>
    public static string OutputOf(string project) => System.IO.Path.Combine(Path, project, "bin", Tests.Parent!.Name, Tests.Name);

    private static string Find()
    {
        var folder = Tests;
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "dev.cs")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No repository above {Tests}.");
        return folder.FullName;
    }
}
