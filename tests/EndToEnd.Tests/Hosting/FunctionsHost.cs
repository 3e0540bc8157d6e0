using System.Diagnostics;

namespace EndToEnd.Tests.Hosting;

/// <summary>Core Tools where SERVERLESS_HOST is <c>func</c>, otherwise the local host; each app gets a folder with its settings.</summary>
public static class FunctionsHost
{
    public static bool IsCoreTools => Environment.GetEnvironmentVariable("SERVERLESS_HOST") == "func";

    /// <param name="built">Where the app is; without it, where its project is built.</param>
    public static DirectoryInfo Prepare(IReadOnlyDictionary<string, string> settings, string? built = null)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-app-");
        built ??= RepositoryRoot.OutputOf("src/Serverless.Functions");
        var files = Directory.EnumerateFiles(built, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(built, file));
        // The local host keeps there when timers ran.
        foreach (var file in files.Where(file => !file.StartsWith(".timers", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(built, file), copy);
        }

        var values = new Dictionary<string, string>(settings) { ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated" };
        values.TryAdd("AzureWebJobsStorage", settings["Storage__ConnectionString"]);
        File.WriteAllText(
            Path.Combine(folder.FullName, "local.settings.json"), JsonSerializer.Serialize(new { IsEncrypted = false, Values = values }));
        return folder;
    }

    public static ProcessStartInfo Start(DirectoryInfo folder, int port, IReadOnlyDictionary<string, string> settings, params string[] options)
    {
        string[] arguments = ["start", "--port", $"{port}", "--no-build", .. options];
        var localHost = Path.Combine(RepositoryRoot.OutputOf("src/Serverless.LocalHost"), "Serverless.LocalHost.dll");
        var start = IsCoreTools ? new ProcessStartInfo("func", arguments) : new("dotnet", [localHost, .. arguments]);
        start.WorkingDirectory = folder.FullName;
        // A setting of the environment wins over one of the file.
        foreach (var name in settings.Keys.Append("DOTNET_ENVIRONMENT").Append("ASPNETCORE_URLS"))
            start.Environment.Remove(name);
        if (settings.TryGetValue("AZURE_FUNCTIONS_ENVIRONMENT", out var environment))
            start.Environment["AZURE_FUNCTIONS_ENVIRONMENT"] = environment;
        return start;
    }

    /// <summary>The worker process below its host, or null. Linux only.</summary>
    public static Process? FindWorker(int host)
    {
        foreach (var child in ChildrenOf(host))
        {
            // A guard between the two has the worker's arguments among its own.
            if (FindWorker(child) is { } worker)
                return worker;
            if (File.ReadAllText($"/proc/{child}/cmdline").Split('\0').Contains("--functions-uri"))
                return Process.GetProcessById(child);
        }

        return null;
    }

    private static IEnumerable<int> ChildrenOf(int process) =>
        from thread in Directory.GetDirectories($"/proc/{process}/task")
        let children = Path.Combine(thread, "children")
        where File.Exists(children)
        from id in File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select int.Parse(id, CultureInfo.InvariantCulture);
}
