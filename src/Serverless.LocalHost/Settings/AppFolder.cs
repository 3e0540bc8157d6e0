namespace Serverless.LocalHost.Settings;

/// <summary>The files of a built function app.</summary>
/// <param name="Command">The worker's program and its first argument.</param>
/// <param name="KeepsGoing">Whether to serve a worker that reports a configuration error.</param>
internal sealed record AppFolder(
    string Path, string[] Command, LocalSettings Local, int Port, string RoutePrefix,
    TimeSpan FunctionTimeout, LogFilter Logs, bool KeepsGoing)
{
    private const int DefaultPort = 7071;

    /// <summary>Reads the files, and exports the settings as environment variables for the worker to inherit.</summary>
    /// <exception cref="HostFailure">The folder has no built function app, or a value is not valid.</exception>
    /// <exception cref="InvalidDataException">A file is not JSON.</exception>
    internal static AppFolder Read(string path, CommandLine arguments)
    {
        var worker = ReadJson(path, "worker.config.json").Build().GetSection("description");
        var assembly = worker["defaultWorkerPath"] ?? throw new HostFailure("worker.config.json has no description.defaultWorkerPath.");
        var local = LocalSettings.Read(path);
        var port = arguments.Port ?? local.Host?.LocalHttpPort ?? DefaultPort;
        foreach (var (name, value) in (local.Values ?? []).Append(new("AZURE_FUNCTIONS_ENVIRONMENT", "Development")))
        {
            // An existing variable wins unless it is empty.
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
                Environment.SetEnvironmentVariable(name, value);
        }

        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_DIRECTORY", path);
        Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", path);
        Environment.SetEnvironmentVariable("WEBSITE_HOSTNAME", $"localhost:{port}");
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);

        var host = ReadJson(path, "host.json").AddEnvironmentVariables("AzureFunctionsJobHost__").Build();
        return new(
            path,
            [worker["defaultExecutablePath"] ?? "dotnet", assembly],
            local,
            port,
            (host["extensions:http:routePrefix"] ?? "api").Trim('/'),
            ParseTimeout(host["functionTimeout"]),
            new(host.GetSection("logging:logLevel").GetChildren()),
            arguments.KeepGoing);
    }

    /// <summary>A setting of the app; "__" may replace ":" in the name of its variable.</summary>
    internal static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) ?? Environment.GetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal));

    private static IConfigurationBuilder ReadJson(string path, string name) =>
        System.IO.Path.Combine(path, name) is var file && File.Exists(file)
            ? new ConfigurationBuilder().AddJsonFile(file)
            : throw new HostFailure($"{path} has no {name}. Run this in the output folder of a built function app.");

    private static TimeSpan ParseTimeout(string? text) => text switch
    {
        null => TimeSpan.FromMinutes(30),
        "-1" => TimeSpan.MaxValue,
        _ => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
            ? timeout
            : throw new HostFailure($"host.json: functionTimeout must be a TimeSpan above zero or -1, but is '{text}'."),
    };
}
