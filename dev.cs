#:property PublishAot=false
#:package Spectre.Console

// The commands of this repository. They need the .NET SDK, Node.js and the package registries, and no shell.

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Spectre.Console;

const string Usage = """
    Usage: dotnet dev.cs <command>

      up       Installs and builds what is needed, then runs the storage emulator and the app. Ctrl+C stops both.
                 --port N           the app's port (7071)
                 --storage-port N   the first of Azurite's three ports: blob, queue, table (10000)
      test     Builds everything with warnings as errors and runs the test suites.
                 [filter]           only the suites whose name contains it, whole
                 --all              what runs every night, too: faults, the soak, big tables, timing
      bench    Measures the app beside a bare worker; exit code 1 when a budget of docs/performance.md is missed.
                 --json FILE        writes the figures to a file, too
                 --micro            measures tokens, keys, rows and JSON by themselves instead
      publish  Builds the zip to deploy, compiled ahead for Linux on x64.
                 --output FILE      the zip (publish/serverless-sessions.zip)
                 --from FOLDER      packs what was published to FOLDER instead of building

      --host func|local, for up and test: run the app in Azure Functions Core Tools, or in src/Serverless.LocalHost.
      By default func is used where version 4 of it is on PATH.
    """;

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
// The compiler server makes a build faster and ends by itself; idle nodes of MSBuild would only hold memory.
Environment.SetEnvironmentVariable("MSBUILDDISABLENODEREUSE", "1");

var words = args.ToList();
try
{
    var (port, storagePort) = words is ["up", ..] ? (Port("--port", 7071), Port("--storage-port", 10000)) : default;
    var host = words is ["up" or "test", ..] ? Option("--host") : null;
    var all = words is ["test", ..] && words.Remove("--all");
    var (output, from) = words is ["publish", ..] ? (Option("--output"), Option("--from")) : default;
    if (host is not (null or "func" or "local"))
        throw new Failure($"--host takes func or local, not '{host}'.", 2);
    return words switch
    {
        ["up"] => await Up.RunAsync(port, storagePort, host, stopping.Token),
        ["test"] => await Tests.RunAsync("", host, all, stopping.Token),
        ["test", var filter] when filter[0] != '-' => await Tests.RunAsync(filter, host, all, stopping.Token),
        ["bench", .. var options] when options is [] or ["--json", _] or ["--micro"] => await Tools.BenchAsync([.. options], stopping.Token),
        ["publish"] => await Publishing.RunAsync(from, output ?? "publish/serverless-sessions.zip", stopping.Token),
        ["--help" or "-h" or "help"] => throw new Failure(Usage, 0),
        _ => throw new Failure(Usage, 2),
    };
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception exception) when (exception is Failure or IOException or UnauthorizedAccessException or Win32Exception
    or HttpRequestException or JsonException)
{
    var code = (exception as Failure)?.ExitCode ?? 1;
    (code == 0 ? Console.Out : Console.Error).WriteLine(exception.Message);
    if (code == 1 && words is ["test", ..])
        Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return code;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}

string? Option(string name)
{
    var at = words.IndexOf(name);
    if (at < 0)
        return null;
    var value = words.ElementAtOrDefault(at + 1) ?? throw new Failure(Usage, 2);
    words.RemoveRange(at, 2);
    return value;
}

int Port(string name, int usual) => Option(name) is not { } text ? usual
    : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65534 ? port
    : throw new Failure($"{name} takes a port number, not '{text}'.", 2);

/// <summary>Storage and the app, from an empty clone to a working login.</summary>
internal static class Up
{
    private const string Email = "demo@example.com";
    private const string Administrator = "admin@example.com";

    // Azurite's documented account and key.
    private const string Account = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
        + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    // Azurite saves its tables every 5 s and when told to end. The end of its input tells it, on every system and also when this
    // program is killed. It ignores a Ctrl+C in the terminal, because the app may still be writing.
    private static readonly string EndsWithInput = "data:text/javascript," + Uri.EscapeDataString("""
        const once = process.once;
        process.once = (event, f) => event === 'SIGINT' ? process.on(event, () => {}) : once.call(process, event, f);
        process.stdin.resume().on('end', () => { process.emit('message', 'shutdown'); setTimeout(process.exit, 4000).unref(); });
        """);

    public static async Task<int> RunAsync(int port, int storagePort, string? host, CancellationToken stop)
    {
        var node = await Tools.NodeAsync(stop);
        var func = await Tools.FuncAsync(host, stop);
        if (!File.Exists("local.settings.json"))
        {
            File.Copy("local.settings.sample.json", "local.settings.json");
            Console.WriteLine("Made local.settings.json from local.settings.sample.json.");
        }

        int[] ports = [port, storagePort, storagePort + 1, storagePort + 2];
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).Intersect(ports).ToList();
        if (taken is [var first, ..])
            throw new Failure($"Port {first} is in use, probably by another `dotnet dev.cs up`, Azurite or `func start`: "
                + $"stop that, or choose another port with {(first == port ? "--port" : "--storage-port")}.");

        await Tools.BuildPagesAsync(stop);
        await Tools.BuildAsync("src/Serverless.Functions", stop);
        if (func is null)
            await Tools.BuildAsync("src/Serverless.LocalHost", stop);

        Console.WriteLine($"Starting Azurite (tables on port {storagePort + 2}) ...");
        // A folder for each port: two Azurites in one folder overwrite each other's files.
        var data = Directory.CreateDirectory($".local/azurite/{storagePort}").FullName;
        string[] services = func is null
            ? ["node_modules/azurite/dist/src/table/main.js"]
            : ["node_modules/azurite/dist/src/azurite.js", "--blobPort", $"{storagePort}", "--queuePort", $"{storagePort + 1}"];
        await using var azurite = new Child("Azurite", node,
            ["--import", EndsWithInput, .. services, "--tablePort", $"{storagePort + 2}", "--location", data,
                "--silent", "--disableTelemetry", "--skipApiVersionCheck"], endsWithInput: true);
        await azurite.AnswersAsync($"http://127.0.0.1:{storagePort + 2}/", stop);

        Console.WriteLine($"Starting the app on port {port} ...");
        var password = Environment.GetEnvironmentVariable("DEMO_PASSWORD") ?? "correct horse battery staple";
        var administrator = Setting("Administrator__Email");
        var storage = storagePort == 10000 ? null : $"{Account}BlobEndpoint=http://127.0.0.1:{storagePort}/devstoreaccount1;"
            + $"QueueEndpoint=http://127.0.0.1:{storagePort + 1}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{storagePort + 2}/devstoreaccount1;";
        // Null leaves it to local.settings.json.
        Dictionary<string, string?> settings = new()
        {
            ["Demo__Email"] = Email,
            ["Demo__Password"] = password,
            ["Administrator__Email"] = administrator is null ? Administrator : null,
            ["Administrator__Password"] = administrator is null ? password : null,
            ["Tokens__Issuer"] = port == 7071 ? null : $"http://localhost:{port}/api",
            ["Storage__ConnectionString"] = storage,
            ["AzureWebJobsStorage"] = storage,
        };
        var local = Path.GetFullPath("src/Serverless.LocalHost/bin/Release/net10.0/Serverless.LocalHost.dll");
        string[] start = [.. func is null ? new[] { local } : [], "start", "--port", $"{port}", "--no-build"];
        await using var app = new Child("The app", func ?? "dotnet", start, "src/Serverless.Functions/bin/Release/net10.0", settings, aloud: true);
        var address = $"http://localhost:{port}/api";
        await app.AnswersAsync($"{address}/sessions/status", stop);
        var body = new JsonObject { ["email"] = Email, ["password"] = password }.ToJsonString();
        var argument = OperatingSystem.IsWindows() ? $"\"{body.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : $"'{body}'";
        Console.WriteLine(await TryLoginAsync($"{address}/sessions/login", body, stop) is { } problem
            ? $"""

            The app runs, but the demo login failed: {problem}
            The app's lines above say why; DEMO_PASSWORD must keep the password rules. Mend that and start again.

            """
            : $"""

            Ready. Open {address}/demo and log in as {Email} with the password: {password}
            Or without a browser:

              curl -s {address}/sessions/login -H "content-type: application/json" -d {argument}

            """);
        Console.WriteLine($"The dashboard is at {address}/dashboard: log in as {administrator ?? $"{Administrator} with the same password"}.");
        Console.WriteLine($"The API is at {address}; docs/api.md has its routes. Ctrl+C stops everything.");

        await Task.WhenAny(app.Exited, azurite.Exited, Task.Delay(Timeout.Infinite, stop));
        // Ctrl+C reaches the app as well, which may end before it is noticed here.
        await Task.WhenAny(Task.Delay(500, stop));
        if (!stop.IsCancellationRequested)
            throw new Failure($"{(app.Exited.IsCompleted ? app : azurite).Ending} Everything else is stopped, too.");
        Console.WriteLine("Stopping ...");
        return 0;
    }

    // As the app will read it: from the environment, else from local.settings.json; null where it is nowhere or empty.
    private static string? Setting(string name)
    {
        var file = JsonNode.Parse(File.ReadAllText("local.settings.json"), documentOptions: new()
        {
            AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
        });
        return (Environment.GetEnvironmentVariable(name) ?? (string?)file?["Values"]?[name]) is { Length: > 0 } value ? value : null;
    }

    // The app creates the account while it starts, so early tries may be refused; a fifth failure would lock it.
    private static async Task<string?> TryLoginAsync(string url, string body, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(tries), stop);
            using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await Child.Http.PostAsync(new Uri(url), content, stop);
            if (answer.IsSuccessStatusCode)
                return null;
            if (tries == 4 || (int)answer.StatusCode != 401)
                return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}";
        }
    }
}

/// <summary>The test suites, and their sums from the result files.</summary>
internal static class Tests
{
    // Those of the browser mostly wait, so they run beside the others.
    private static readonly (string Name, string Folder, string Configuration)[] NodeSuites =
    [
        ("Client", "src/client", "vitest.config.ts"),
        ("Client in a browser", "src/client", "browser/vitest.config.ts"),
        ("Dashboard", "src/dashboard", "vitest.config.ts"),
        ("Dashboard in a browser", "src/dashboard", "browser/vitest.config.ts"),
        ("Infrastructure", "tests/infra", "vitest.config.ts"),
    ];

    // Measures time, or delays storage on purpose: has the machine to itself.
    private static readonly string[] Timed = ["Serverless.Tables.Tests", Long];

    // Runs every night, as the tests that are marked so.
    private const string Long = "Faults.Tests";
    private const string Short = "Run!=nightly";

    private sealed record Suite(string Name, string Program, string[] Arguments, Func<(int Passed, int Failed, int Skipped)> Count);

    private sealed record Result(string Name, int Passed, int Failed, int Skipped, TimeSpan Time);

    public static async Task<int> RunAsync(string filter, string? host, bool all, CancellationToken stop)
    {
        var node = await Tools.NodeAsync(stop);
        Environment.SetEnvironmentVariable("SERVERLESS_HOST", await Tools.FuncAsync(host, stop) is null ? "local" : "func");
        var results = Path.GetFullPath(".local/test-results");
        var whole = all || filter.Length > 0;
        bool IsAsked(string name) => name.Contains(filter, StringComparison.OrdinalIgnoreCase);
        var suites = Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(project => (Name: Path.GetFileNameWithoutExtension(project), Project: project))
            .Where(suite => IsAsked(suite.Name) && (whole || suite.Name != Long))
            .ToLookup(suite => Timed.Contains(suite.Name), suite => new Suite(
                suite.Name,
                "dotnet",
                ["test", suite.Project, "-c", "Release", "--no-build", "--nologo", .. whole ? [] : new[] { "--filter", Short },
                    "--logger", $"trx;LogFileName={suite.Name}.trx", "--results-directory", results],
                () => CountTrx($"{results}/{suite.Name}.trx")));
        var nodeSuites = NodeSuites.Where(suite => IsAsked(suite.Name)).Select(suite => new Suite(
            suite.Name,
            node,
            ["node_modules/vitest/vitest.mjs", "run", "--root", suite.Folder, "--config", suite.Configuration,
                "--reporter", "default", "--reporter", "json", "--outputFile.json", $"{results}/{suite.Name}.json"],
            () => CountJson($"{results}/{suite.Name}.json"))).ToList();
        if (suites.Count + nodeSuites.Count == 0)
            throw new Failure($"No suite has '{filter}' in its name.");

        await Tools.BuildPagesAsync(stop);
        await Tools.BuildAsync("Serverless.sln", stop);
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);
        var beside = RunAsync(nodeSuites, stop);
        List<Result> ran = [];
        try
        {
            ran.AddRange(await RunAsync(suites[false], stop));
        }
        finally
        {
            // What it started has ended, too, when this program does.
            await ((Task)beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ran.AddRange(await beside);
        ran.AddRange(await RunAsync(suites[true], stop));

        var table = new Table().AddColumns("Suite", "Passed", "Failed", "Skipped", "Seconds");
        foreach (var suite in ran)
            table.AddRow(suite.Name, $"{suite.Passed}", $"{suite.Failed}", $"{suite.Skipped}", $"{suite.Time.TotalSeconds:0}");
        AnsiConsole.Write(table);
        if (!whole)
            Console.WriteLine($"{Long} and the tests that take minutes were left out: --all runs them, too.");
        Console.WriteLine($"{ran.Sum(s => s.Passed)} passed, {ran.Sum(s => s.Failed)} failed, {ran.Sum(s => s.Skipped)} skipped");
        return ran.TrueForAll(suite => suite.Failed == 0) ? 0 : 1;
    }

    private static async Task<List<Result>> RunAsync(IEnumerable<Suite> suites, CancellationToken stop)
    {
        var ran = new List<Result>();
        foreach (var suite in suites)
        {
            Console.WriteLine($"\n{suite.Name} ...");
            var clock = Stopwatch.StartNew();
            var (code, _) = await Child.RunAsync(suite.Program, suite.Arguments, stop, aloud: true);
            var (passed, failed, skipped) = suite.Count();
            // No results, or a process that failed though no test did, is a failure.
            if (failed == 0 && (code != 0 || passed == 0))
            {
                Console.WriteLine($"{suite.Name} counts as failed: {passed} tests passed, and its process ended with exit code {code}.");
                failed = 1;
            }

            ran.Add(new(suite.Name, passed, failed, skipped, clock.Elapsed));
        }

        return ran;
    }

    private static (int Passed, int Failed, int Skipped) CountTrx(string file)
    {
        var outcomes = !File.Exists(file) ? [] : XDocument.Load(file).Descendants()
            .Where(element => element.Name.LocalName == "UnitTestResult").Select(test => (string?)test.Attribute("outcome")).ToList();
        var (passed, skipped) = (outcomes.Count(outcome => outcome == "Passed"), outcomes.Count(outcome => outcome == "NotExecuted"));
        return (passed, outcomes.Count - passed - skipped, skipped);
    }

    private static (int Passed, int Failed, int Skipped) CountJson(string file)
    {
        var counts = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
        int Count(string name) => (int?)counts?[name] ?? 0;
        return (Count("numPassedTests"), Count("numFailedTests"), Count("numPendingTests") + Count("numTodoTests"));
    }
}

/// <summary>The zip that Azure Functions runs from.</summary>
internal static class Publishing
{
    private const string Project = "src/Serverless.Functions";
    private const string Executable = "Serverless.Functions";

    // The host's extensions. Its name begins with a dot, so many tools leave it out of a zip; then no function is found.
    private const string Extensions = ".azurefunctions/";

    private static readonly string[] Needed =
    [
        "host.json", "worker.config.json", "functions.metadata", "extensions.json", Executable, $"{Executable}.dll",
        $"{Executable}.deps.json", $"{Executable}.runtimeconfig.json",
    ];

    // Settings of a machine, and what only makes a start longer.
    private static readonly string[] Unwanted = ["local.settings.json", ".pdb", ".xml", ".Tests.dll"];

    // Flex Consumption runs on Linux on x64 and brings the framework. A folder of its own keeps files of earlier builds out.
    private static readonly string[] Options =
    [
        "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "--nologo", "--artifacts-path", Path.GetFullPath(".local/publish"),
        "-p:PublishReadyToRun=true", "-p:DebugType=none", "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false",
    ];

    public static async Task<int> RunAsync(string? from, string output, CancellationToken stop)
    {
        var folder = Path.GetFullPath(from ?? ".local/publish/app");
        if (from is null)
        {
            if (Directory.Exists(".local/publish"))
                Directory.Delete(".local/publish", recursive: true);
            await Tools.NodeAsync(stop);
            await Tools.BuildPagesAsync(stop);
            await Tools.BuildAsync(Project, stop, ["publish", Project, "-o", folder, .. Options]);
        }
        else if (!Directory.Exists(folder))
        {
            throw new Failure($"There is no folder {from}.");
        }

        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        string[] faults =
        [
            .. files.Any(file => file.StartsWith(Extensions, StringComparison.Ordinal)) ? [] : new[] { $"{Extensions} is missing." },
            .. Needed.Except(files).Select(file => $"{file} is missing."),
            .. files.Where(file => Unwanted.Any(end => file.EndsWith(end, StringComparison.Ordinal))).Select(file => $"{file} doesn't belong there."),
        ];
        if (faults is not [])
            throw new Failure($"{string.Join('\n', faults)}\n\nNothing was packed.");

        // The same files give the same bytes.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        using (var zip = new ZipArchive(File.Create(output), ZipArchiveMode.Create))
        {
            foreach (var file in files)
            {
                var entry = zip.CreateEntry(file);
                entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                entry.ExternalAttributes = (file == Executable ? 0x81ED : 0x81A4) << 16; // -rwxr-xr-x, -rw-r--r--
                using var content = entry.Open();
                await content.WriteAsync(await File.ReadAllBytesAsync(Path.Combine(folder, file), stop), stop);
            }
        }

        Console.WriteLine($"{output}: {files.Length} files, {new FileInfo(output).Length / 1024} KB");
        return 0;
    }
}

/// <summary>The programs that the commands need, and what is built with them.</summary>
internal static class Tools
{
    private const string NeedsNode = "Azurite, the storage emulator, and the tools of the pages need Node.js 20.19 or later with npm";

    /// <summary>Installs Azurite and the tools of the pages as the lock file says. Returns the path of node.</summary>
    public static async Task<string> NodeAsync(CancellationToken stop)
    {
        if (OnPath("node") is not { } node || OnPath("npm") is null)
            throw new Failure($"{NeedsNode}, and it is not on PATH: install it, then run this again.");
        var version = await VersionAsync(node, stop);
        if (!Version.TryParse(version.TrimStart('v').Split('-')[0], out var number) || number < new Version(20, 19))
            throw new Failure($"{NeedsNode}, and the one on PATH is {version}: install a newer one, then run this again.");
        // npm writes this file when it is done.
        if (File.GetLastWriteTimeUtc("node_modules/.package-lock.json") >= File.GetLastWriteTimeUtc("package-lock.json"))
            return node;
        Console.WriteLine("Installing Azurite and the tools of the pages (npm ci) ...");
        await NpmAsync(["ci", "--fetch-retry-mintimeout=2000"], "npm ci failed: check the network and npm's registry (npm config get registry)", stop);
        return node;
    }

    /// <summary>Builds what runs in a browser unless it is newer than its sources. The app takes the pages in when it is built.</summary>
    public static async Task BuildPagesAsync(CancellationToken stop)
    {
        string[] folders = ["src/client", "src/dashboard"];
        // They share settings and styles: a change of one builds both.
        var changed = folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Append("package-lock.json")
            .Where(file => !file.Replace('\\', '/').Split('/').Any(part => part is "dist" or "node_modules")).Max(File.GetLastWriteTimeUtc);
        foreach (var folder in folders.Where(folder => Directory.GetLastWriteTimeUtc($"{folder}/dist") < changed))
        {
            Console.WriteLine($"Building {folder} ...");
            await NpmAsync(["run", "build", "--workspace", folder], $"{folder} does not build", stop);
            Directory.SetLastWriteTimeUtc($"{folder}/dist", DateTime.UtcNow);
        }
    }

    /// <summary>The path of Core Tools, or null where the local host runs the app. Says which.</summary>
    public static async Task<string?> FuncAsync(string? host, CancellationToken stop)
    {
        var func = host == "local" ? null : OnPath("func");
        var version = func is null ? "" : await VersionAsync(func, stop);
        if (version.StartsWith("4.", StringComparison.Ordinal))
        {
            Console.WriteLine($"Host: Azure Functions Core Tools {version} ({func})");
            return func;
        }

        var why = host == "local" ? "as asked" : func is null ? "func is not on PATH" : $"func is version '{version}', and 4 is needed";
        if (host == "func")
            throw new Failure($"Azure Functions Core Tools can't run the app: {why}. Install version 4 of them, or leave --host out.");
        Console.WriteLine($"Host: src/Serverless.LocalHost ({why})");
        return null;
    }

    public static async Task BuildAsync(string what, CancellationToken stop, string[]? command = null)
    {
        Console.WriteLine($"Building {what} ...");
        var (code, said) = await Child.RunAsync("dotnet", command ?? ["build", what, "-c", "Release", "--nologo"], stop);
        if (code != 0)
            throw new Failure($"{said}\n\n{what} does not build; the errors are above.");
    }

    public static async Task<int> BenchAsync(string[] options, CancellationToken stop)
    {
        await NodeAsync(stop);
        await BuildAsync("tests/Benchmarks", stop);
        return (await Child.RunAsync("dotnet", ["tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll", .. options], stop, aloud: true)).Code;
    }

    private static async Task NpmAsync(string[] arguments, string failure, CancellationToken stop)
    {
        var (code, said) = await Child.RunAsync(OnPath("npm")!, arguments, stop);
        if (code != 0)
            throw new Failure($"{said}\n\n{failure}; npm's lines are above.");
    }

    private static async Task<string> VersionAsync(string program, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            return (await Child.RunAsync(program, ["--version"], limit.Token)).Said.Split('\n')[^1].Trim();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return "unknown: no answer in 30 s";
        }
    }

    private static string? OnPath(string program) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from file in OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : new[] { program }
         select Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}

/// <summary>A process that this program started and does not leave behind.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly Process _process;
    private readonly ConcurrentQueue<string?> _said = [];

    /// <param name="environment">Set for it besides what it inherits; null values are left out.</param>
    /// <param name="aloud">Whether it writes to this console; otherwise what it says is kept.</param>
    /// <param name="endsWithInput">Whether the end of its input ends it in good order.</param>
    public Child(string name, string program, string[] arguments, string folder = "",
        Dictionary<string, string?>? environment = null, bool aloud = false, bool endsWithInput = false)
    {
        _name = name;
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = endsWithInput, RedirectStandardOutput = !aloud, RedirectStandardError = !aloud,
        };
        foreach (var (key, value) in environment?.Where(setting => setting.Value is not null) ?? [])
            start.Environment[key] = value;
        _process = Process.Start(start)!;
        if (!aloud)
        {
            _process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data);
            _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        Exited = _process.WaitForExitAsync();
    }

    /// <summary>Ignores the environment's proxy: everything is on this machine.</summary>
    public static HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public Task Exited { get; }

    public string Ending => $"{_name} ended by itself (exit code {_process.ExitCode}).";

    private string Said => string.Join('\n', _said).Trim();

    /// <summary>Runs it to its end; when stopped, kills it and all that it started.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments, CancellationToken stop, bool aloud = false)
    {
        var child = new Child(program, program, arguments, aloud: aloud);
        using var process = child._process;
        try
        {
            await child.Exited.WaitAsync(stop);
            return (process.ExitCode, child.Said);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Waits until it answers on this address, with whatever status.</summary>
    public async Task AnswersAsync(string url, CancellationToken stop)
    {
        for (var clock = Stopwatch.StartNew(); !Exited.IsCompleted; await Task.Delay(200, stop))
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri(url), stop);
                return;
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
            {
                if (clock.Elapsed > LongestStart)
                    throw new Failure($"{Said}\n{_name} did not answer on {url} within {LongestStart.TotalSeconds} s.".TrimStart());
            }
        }

        throw new Failure($"{Said}\n{Ending}".TrimStart(), Math.Max(_process.ExitCode, 1));
    }

    /// <summary>Asks it to end, and kills it when it hasn't after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process.StartInfo.RedirectStandardInput)
            _process.StandardInput.Close();
        else if (!OperatingSystem.IsWindows() && !Exited.IsCompleted) // Windows has sent it the Ctrl+C, and knows no other way.
            await RunAsync("/bin/sh", ["-c", $"kill -TERM {_process.Id}"], CancellationToken.None);
        await Task.WhenAny(Exited, Task.Delay(LongestEnd));
        _process.Kill(entireProcessTree: true);
        await Task.WhenAny(Exited, Task.Delay(LongestEnd));
        _process.Dispose();
    }
}

/// <summary>An expected end: a sentence for the user, and the exit code.</summary>
internal sealed class Failure(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
