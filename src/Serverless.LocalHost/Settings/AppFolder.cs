using System.Collections;
using System.Globalization;

namespace Serverless.LocalHost.Settings;

/// <summary>What the files of a built function app say, and the environment of its worker.</summary>
internal sealed class AppFolder
{
    private const int DefaultPort = 7071;

    /// <exception cref="HostFailure">The folder has no built function app, or a value is not valid.</exception>
    /// <exception cref="InvalidDataException">A file is not JSON.</exception>
    internal AppFolder(string path, CommandLine arguments)
    {
        Path = path;
        KeepsGoing = arguments.KeepGoing;
        var worker = Read("worker.config.json").GetSection("description");
        Executable = worker["defaultExecutablePath"] ?? "dotnet";
        Assembly = worker["defaultWorkerPath"]
            ?? throw new HostFailure("worker.config.json has no description.defaultWorkerPath.");
        Local = LocalSettings.Read(path);
        Port = arguments.Port ?? Local.Host?.LocalHttpPort ?? DefaultPort;
        Environment = WorkerEnvironment();

        // AzureFunctionsJobHost__logging__logLevel__default and its like override host.json.
        const string prefix = "AzureFunctionsJobHost__";
        var host = Read(
            "host.json",
            from variable in Environment
            where variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            select KeyValuePair.Create(variable.Key[prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value));
        RoutePrefix = (host["extensions:http:routePrefix"] ?? "api").Trim('/');
        Logs = new(host.GetSection("logging:logLevel").GetChildren());
        FunctionTimeout = host["functionTimeout"] switch
        {
            null => TimeSpan.FromMinutes(30),
            "-1" => TimeSpan.MaxValue,
            var text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
                ? timeout
                : throw new HostFailure($"host.json: functionTimeout must be a TimeSpan above zero or -1, but is '{text}'."),
        };
    }

    internal string Path { get; }

    /// <summary>Whether a worker is served that reports a configuration error.</summary>
    internal bool KeepsGoing { get; }

    /// <summary>The worker's program; <see cref="Assembly"/> is its first argument.</summary>
    internal string Executable { get; }

    internal string Assembly { get; }

    internal LocalSettings Local { get; }

    internal int Port { get; }

    internal Dictionary<string, string?> Environment { get; }

    internal string RoutePrefix { get; }

    internal TimeSpan FunctionTimeout { get; }

    internal LogFilter Logs { get; }

    /// <summary>A setting of the app. In the name of its variable "__" may be in place of ":".</summary>
    internal string? Setting(string name) =>
        Environment.GetValueOrDefault(name) ?? Environment.GetValueOrDefault(name.Replace(":", "__", StringComparison.Ordinal));

    private IConfiguration Read(string name, IEnumerable<KeyValuePair<string, string?>>? overrides = null)
    {
        var file = System.IO.Path.Combine(Path, name);
        if (!File.Exists(file))
            throw new HostFailure($"{Path} has no {name}. Run this in the output folder of a built function app.");
        return new ConfigurationBuilder().AddJsonFile(file).AddInMemoryCollection(overrides ?? []).Build();
    }

    private Dictionary<string, string?> WorkerEnvironment()
    {
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            v => (string)v.Key,
            v => (string?)v.Value,
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in (Local.Values ?? []).Append(new("AZURE_FUNCTIONS_ENVIRONMENT", "Development")))
        {
            // What is set already wins, unless it is empty.
            if (string.IsNullOrEmpty(variables.GetValueOrDefault(name)))
                variables[name] = value;
        }

        variables["FUNCTIONS_WORKER_DIRECTORY"] = variables["FUNCTIONS_APPLICATION_DIRECTORY"] = Path;
        variables["WEBSITE_HOSTNAME"] = $"localhost:{Port}";
        variables.Remove("ASPNETCORE_URLS");
        return variables;
    }
}
