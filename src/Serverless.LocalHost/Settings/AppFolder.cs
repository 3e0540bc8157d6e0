using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Serverless.LocalHost.Logs;

namespace Serverless.LocalHost.Settings;

/// <summary>What the files of a built function app say, and the environment of its worker.</summary>
internal sealed class AppFolder
{
    private const int UsualPort = 7071;

    private readonly IConfiguration _host;

    private AppFolder(string path, CommandLine arguments)
    {
        Path = path;
        var worker = Json("worker.config.json").Build();
        Executable = worker["description:defaultExecutablePath"] ?? "dotnet";
        Assembly = worker["description:defaultWorkerPath"]
            ?? throw new HostFailure("worker.config.json names no description.defaultWorkerPath.");
        Local = LocalSettings.Read(path);
        Port = arguments.Port ?? Local.Port ?? UsualPort;
        Environment = WorkerEnvironment();

        // AzureFunctionsJobHost__logging__logLevel__default and its like override host.json.
        const string prefix = "AzureFunctionsJobHost__";
        _host = Json("host.json").AddInMemoryCollection(
            from variable in Environment
            where variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            select KeyValuePair.Create(variable.Key[prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value)).Build();
        RoutePrefix = (_host["extensions:http:routePrefix"] ?? "api").Trim('/');
        FunctionTimeout = ReadTimeout();
        Logs = new(_host.GetSection("logging:logLevel").GetChildren());
    }

    internal string Path { get; }

    /// <summary>The program of the worker, and its first argument.</summary>
    internal string Executable { get; }

    internal string Assembly { get; }

    internal LocalSettings Local { get; }

    internal int Port { get; }

    internal Dictionary<string, string?> Environment { get; }

    internal string RoutePrefix { get; }

    /// <summary>Null when a function may run for as long as it likes.</summary>
    internal TimeSpan? FunctionTimeout { get; }

    internal LogFilter Logs { get; }

    /// <exception cref="HostFailure">The folder has no built function app, or a file is not valid.</exception>
    internal static AppFolder Read(string path, CommandLine arguments) => new(path, arguments);

    /// <summary>A setting of the app, which an environment variable may name with "__" in place of ":".</summary>
    internal string? Setting(string name) =>
        Environment.GetValueOrDefault(name) ?? Environment.GetValueOrDefault(name.Replace(":", "__", StringComparison.Ordinal));

    private ConfigurationBuilder Json(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        if (!File.Exists(file))
            throw new HostFailure($"{Path} has no {name}. Run this in the output folder of a built function app.");
        var builder = new ConfigurationBuilder();
        builder.AddJsonFile(file);
        try
        {
            builder.Build();
            return builder;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new HostFailure($"{file} is not valid: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private Dictionary<string, string?> WorkerEnvironment()
    {
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            v => (string)v.Key,
            v => (string?)v.Value,
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in Local.Values.Append(new("AZURE_FUNCTIONS_ENVIRONMENT", "Development")))
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

    private TimeSpan? ReadTimeout() => _host["functionTimeout"] switch
    {
        null => TimeSpan.FromMinutes(30),
        "-1" => null,
        var text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
            ? timeout
            : throw new HostFailure($"host.json: functionTimeout must be a TimeSpan above zero or -1, but is '{text}'."),
    };
}
