#:property PublishAot=false
#:property UseSharedCompilation=false

// The commands of this repository. They need the .NET SDK, Node.js and the package registries, and no shell.

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

const string Usage = """
    Usage: dotnet dev.cs <command>

      up     Everything a fresh machine needs, then the storage emulator and the app. Ctrl+C stops both.
             --port N           the app's port (7071)
             --storage-port N   the first of Azurite's three ports: blob, queue, table (10000)
      test   Builds everything with warnings as errors and runs the test suites.
             [filter]           only the suites whose name contains it
             --all              the long ones too: faults at every call to storage, and the soak
      bench  Measures the app beside a bare worker; exit code 1 when a budget of docs/performance.md is missed.
             --json FILE        writes the figures to a file, too
             --micro            measures tokens, keys, rows and JSON by themselves instead
      publish  Makes the zip to deploy, compiled ahead for Linux on x64.
             --output FILE      where to (publish/serverless-sessions.zip)
             --from FOLDER      builds nothing: checks and packs what was published there before

      --host func|local, for up and test: run the app in Azure Functions Core Tools, or in src/Serverless.LocalHost.
      Left out, func is taken where version 4 of it is on PATH.
    """;

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
// No compiler or build server outlives the builds below.
Environment.SetEnvironmentVariable("MSBUILDDISABLENODEREUSE", "1");
Environment.SetEnvironmentVariable("UseSharedCompilation", "false");

var words = args.ToList();
try
{
    var (port, storagePort) = words is ["up", ..] ? (Port("--port", 7071), Port("--storage-port", 10000)) : default;
    var host = Option("--host");
    var all = words is ["test", ..] && words.Remove("--all");
    var (output, from) = words is ["publish", ..] ? (Option("--output"), Option("--from")) : default;
    if (host is not (null or "func" or "local"))
        throw new Failure($"--host takes func or local, not '{host}'.", 2);
    switch (words)
    {
        case ["up"]:
            return await Up.RunAsync(port, storagePort, host, stopping.Token);
        case ["test", .. { Count: < 2 } filter] when filter is [] || filter[0][0] != '-':
            return await Tests.RunAsync(string.Concat(filter), host, all, stopping.Token);
        case ["bench", .. var options] when options is [] or ["--json", _] or ["--micro"] && host is null:
            return await Bench.RunAsync([.. options], stopping.Token);
        case ["publish"] when host is null:
            return await Publishing.RunAsync(from, output ?? "publish/serverless-sessions.zip", stopping.Token);
        case ["--help" or "-h" or "help"]:
            Console.WriteLine(Usage);
            return 0;
        default:
            throw new Failure(Usage, 2);
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception exception) when (exception is Failure or IOException or UnauthorizedAccessException or Win32Exception)
{
    Console.Error.WriteLine(exception.Message);
    return exception is Failure failure ? failure.ExitCode : 1;
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
    private const string AdministratorEmail = "admin@example.com";

    // The account and key that Azurite documents and everybody knows.
    private const string Account = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
        + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    // Azurite saves its tables every 5 s and when told to end. The end of its input tells it: that works on every system, and
    // also when this program is killed. A Ctrl+C in the terminal passes it by, because the app may still be writing.
    private static readonly string Leash = "data:text/javascript," + Uri.EscapeDataString("""
        const once = process.once;
        process.once = (event, f) => event === 'SIGINT' ? process.on(event, () => {}) : once.call(process, event, f);
        process.stdin.resume().on('end', () => { process.emit('message', 'shutdown'); setTimeout(process.exit, 4000).unref(); });
        """);

    public static async Task<int> RunAsync(int port, int storagePort, string? host, CancellationToken stop)
    {
        var node = await Setup.NodeAsync(stop);
        var func = await Setup.FuncAsync(host, stop);
        if (!File.Exists("local.settings.json"))
        {
            File.Copy("local.settings.sample.json", "local.settings.json");
            Console.WriteLine("Made local.settings.json from local.settings.sample.json.");
        }
        RequireFree(port, "for the app", "another `dotnet dev.cs up` or `func start`", "--port");
        for (var service = 0; service < 3; service++)
            RequireFree(storagePort + service, "for Azurite, the storage emulator", "another Azurite", "--storage-port");
        await Setup.PackageAsync("client", stop);
        await Setup.PackageAsync("dashboard", stop);
        await Setup.BuildAsync("src/Serverless.Functions", stop);
        if (func is null)
            await Setup.BuildAsync("src/Serverless.LocalHost", stop);

        Console.WriteLine($"Starting Azurite (tables on port {storagePort + 2}) ...");
        // A folder for each port: two Azurites in one folder overwrite each other's files.
        var data = Directory.CreateDirectory($".local/azurite/{storagePort}").FullName;
        string[] services = func is null
            ? ["node_modules/azurite/dist/src/table/main.js"]
            : ["node_modules/azurite/dist/src/azurite.js", "--blobHost", "127.0.0.1", "--blobPort", $"{storagePort}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{storagePort + 1}"];
        await using var azurite = new Child("Azurite", node,
            ["--import", Leash, .. services, "--tableHost", "127.0.0.1", "--tablePort", $"{storagePort + 2}",
                "--location", data, "--silent", "--disableTelemetry", "--skipApiVersionCheck"], endsWithInput: true);
        await azurite.AnswersAsync($"http://127.0.0.1:{storagePort + 2}/", stop);

        Console.WriteLine($"Starting the app on port {port} ...");
        var output = Path.GetFullPath("src/Serverless.Functions/bin/Release/net10.0");
        var password = Environment.GetEnvironmentVariable("DEMO_PASSWORD") ?? "correct horse battery staple";
        var settings = new Dictionary<string, string> { ["Demo__Email"] = Email, ["Demo__Password"] = password };
        // Whoever has set an administrator is to keep that one.
        var ownAdministrator = Setting("Administrator__Email");
        if (ownAdministrator is null)
            (settings["Administrator__Email"], settings["Administrator__Password"]) = (AdministratorEmail, password);
        if (port != 7071)
            settings["Tokens__Issuer"] = $"http://localhost:{port}/api";
        if (storagePort != 10000)
            settings["Storage__ConnectionString"] = settings["AzureWebJobsStorage"] = Account
                + $"BlobEndpoint=http://127.0.0.1:{storagePort}/devstoreaccount1;"
                + $"QueueEndpoint=http://127.0.0.1:{storagePort + 1}/devstoreaccount1;"
                + $"TableEndpoint=http://127.0.0.1:{storagePort + 2}/devstoreaccount1;";
        string[] start = ["start", "--port", $"{port}", "--no-build"];
        await using var app = func is null
            ? new Child("The app", "dotnet", [Path.GetFullPath("src/Serverless.LocalHost/bin/Release/net10.0/Serverless.LocalHost.dll"), .. start], output, settings, aloud: true)
            : new Child("The app", func, start, output, settings, aloud: true);
        var address = $"http://localhost:{port}/api";
        await app.AnswersAsync($"{address}/sessions/status", stop);
        await TellAsync(address, password, stop);
        Console.WriteLine(ownAdministrator is null
            ? $"The dashboard is at {address}/dashboard: log in as {AdministratorEmail} with the same password."
            : $"The dashboard is at {address}/dashboard: log in as {ownAdministrator}.");

        await Task.WhenAny(app.Exited, azurite.Exited, Task.Delay(Timeout.Infinite, stop));
        // Ctrl+C reaches the app as well, which may be gone before it is noticed here.
        await Task.WhenAny(Task.Delay(500, stop));
        if (!stop.IsCancellationRequested)
            throw new Failure($"{(app.Exited.IsCompleted ? app : azurite).Ending} Everything else is stopped, too.");
        Console.WriteLine("Stopping ...");
        return 0;
    }

    // As the app will read it: from the environment, else from local.settings.json; null where it is nowhere or empty.
    private static string? Setting(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText("local.settings.json"),
            new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var value = Environment.GetEnvironmentVariable(name)
            ?? (file.RootElement.TryGetProperty("Values", out var values) && values.TryGetProperty(name, out var kept) ? kept.GetString() : null);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static void RequireFree(int port, string purpose, string holder, string option)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(taken => taken.Port == port))
            throw new Failure($"Port {port} ({purpose}) is in use, probably by {holder}: "
                + $"stop that, or choose another port with {option}.");
    }

    private static async Task TellAsync(string address, string password, CancellationToken stop)
    {
        var body = $$"""{"email":"{{Plain(Email)}}","password":"{{Plain(password)}}"}""";
        var argument = OperatingSystem.IsWindows() ? $"\"{body.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : $"'{body}'";
        var problem = await TryLoginAsync($"{address}/sessions/login", body, stop);
        Console.WriteLine(problem is null
            ? $"""

            Ready. Open {address}/demo and log in as {Email} with the password: {password}
            Or without a browser:

              curl -s {address}/sessions/login -H "content-type: application/json" -d {argument}

            """
            : $"""

            The app runs, but the demo login failed: {problem}
            The app's lines above should say why (it also refuses a DEMO_PASSWORD that its own password rules forbid).
            Put that right and start again.

            """);
        Console.WriteLine($"The app answers on {address}; docs/api.md has its routes. Ctrl+C stops everything.");
    }

    // The app makes the account beside its start, so the first tries may come too early; a fifth failure would lock it.
    private static async Task<string?> TryLoginAsync(string url, string body, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(tries), stop);
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await Child.Http.PostAsync(new Uri(url), content, stop);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return null;
                if (answer.StatusCode != HttpStatusCode.Unauthorized || tries == 4)
                    return $"{(int)answer.StatusCode} "
                        + Regex.Match(await answer.Content.ReadAsStringAsync(stop), @"""code""\s*:\s*""(.*?)""").Groups[1];
            }
            catch (Exception e) when (Child.IsNoAnswer(e, stop))
            {
                return e.Message;
            }
        }
    }

    // As JSON and as a shell argument at once: what either could take for syntax is written \uXXXX.
    private static string Plain(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || " .,-_@".Contains(c) ? $"{c}" : $"\\u{(int)c:x4}"));
}

/// <summary>The test suites, and their sums from the result files.</summary>
internal static class Tests
{
    // The suites of what runs in a browser, and of the templates: a name, the package, and its configuration of vitest.
    private static readonly (string Name, string Folder, string Configuration)[] NodeSuites =
    [
        ("Client", "src/client", "vitest.config.ts"),
        ("Client in a browser", "src/client", "browser/vitest.config.ts"),
        ("Dashboard", "src/dashboard", "vitest.config.ts"),
        ("Dashboard in a browser", "src/dashboard", "browser/vitest.config.ts"),
        ("Infrastructure", "tests/infra", "vitest.config.ts"),
    ];

    // What measures time, or makes storage late on purpose, has the machine to itself.
    private static readonly string[] Timed = ["Faults.Tests", "Serverless.Tables.Tests"];

    // Runs every night: a killed process is started again hundreds of times.
    private const string Long = "Faults.Tests";

    private sealed record Suite(string Name, int Passed, int Failed, int Skipped);

    public static async Task<int> RunAsync(string filter, string? host, bool all, CancellationToken stop)
    {
        var suites = new List<Suite>();
        try
        {
            var node = await Setup.NodeAsync(stop);
            Environment.SetEnvironmentVariable("SERVERLESS_HOST", await Setup.FuncAsync(host, stop) is null ? "local" : "func");
            var projects = Directory.GetDirectories("tests").SelectMany(folder => Directory.GetFiles(folder, "*.Tests.csproj"))
                .Where(project => Path.GetFileNameWithoutExtension(project).Contains(filter, StringComparison.OrdinalIgnoreCase))
                .Where(project => all || filter.Length > 0 || Path.GetFileNameWithoutExtension(project) != Long)
                .Order(StringComparer.Ordinal).ToArray();
            if (!all && filter.Length == 0)
                Console.WriteLine($"{Long} is left out: --all runs it, too.");
            var timed = projects.Where(project => Timed.Contains(Path.GetFileNameWithoutExtension(project))).ToArray();
            var nodeSuites = NodeSuites.Where(suite => suite.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (projects.Length + nodeSuites.Length == 0)
                throw new Failure($"No suite has '{filter}' in its name.");
            await Setup.PackageAsync("client", stop);
            await Setup.PackageAsync("dashboard", stop);
            await Setup.BuildAsync("Serverless.sln", stop);
            var results = Path.GetFullPath(".local/test-results");
            if (Directory.Exists(results))
                Directory.Delete(results, recursive: true);
            // Those of the browser mostly wait, and nothing that runs beside them measures time.
            var beside = RunAllAsync(nodeSuites, suite => RunNodeSuiteAsync(suite, node, results, stop));
            suites.AddRange(await RunAllAsync(projects.Except(timed), project => RunSuiteAsync(project, results, stop)));
            suites.AddRange(await beside);
            suites.AddRange(await RunAllAsync(timed, project => RunSuiteAsync(project, results, stop)));
        }
        catch (Failure failure)
        {
            Console.WriteLine(failure.Message);
            suites.Add(new("(preparation)", 0, 1, 0));
        }

        var failed = suites.Where(suite => suite.Failed > 0).Select(suite => $"{suite.Name} ({suite.Failed})").ToArray();
        if (failed.Length > 0)
            Console.WriteLine($"\nFailed: {string.Join(", ", failed)}");
        var (passes, failures) = (suites.Sum(suite => suite.Passed), suites.Sum(suite => suite.Failed));
        Console.WriteLine($"{passes} passed, {failures} failed, {suites.Sum(suite => suite.Skipped)} skipped");
        return failures == 0 && passes > 0 ? 0 : 1;
    }

    private static async Task<List<Suite>> RunAllAsync<T>(IEnumerable<T> suites, Func<T, Task<Suite>> run)
    {
        var ran = new List<Suite>();
        foreach (var suite in suites)
            ran.Add(await run(suite));
        return ran;
    }

    private static async Task<Suite> RunSuiteAsync(string project, string results, CancellationToken stop)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var clock = Begin(name);
        var (code, _) = await Child.RunAsync("dotnet", ["test", project, "-c", "Release", "--no-build", "--nologo",
            "--logger", $"trx;LogFileName={name}.trx", "--results-directory", results], stop, aloud: true);

        var file = Path.Combine(results, $"{name}.trx");
        var outcomes = !File.Exists(file) ? [] : XDocument.Load(file).Descendants()
            .Where(element => element.Name.LocalName == "UnitTestResult")
            .Select(test => (string?)test.Attribute("outcome")).ToList();
        var passed = outcomes.Count(outcome => outcome == "Passed");
        var skipped = outcomes.Count(outcome => outcome == "NotExecuted");
        return End(new(name, passed, outcomes.Count - passed - skipped, skipped), code, clock);
    }

    private static async Task<Suite> RunNodeSuiteAsync(
        (string Name, string Folder, string Configuration) suite, string node, string results, CancellationToken stop)
    {
        var (name, folder, configuration) = suite;
        var clock = Begin(name);
        var file = Path.Combine(results, $"{name}.json");
        var (code, _) = await Child.RunAsync(node, ["node_modules/vitest/vitest.mjs", "run", "--root", folder, "--config", configuration,
            "--reporter", "default", "--reporter", "json", "--outputFile.json", file], stop, aloud: true);

        using var counts = JsonDocument.Parse(File.Exists(file) ? await File.ReadAllTextAsync(file, stop) : "{}");
        int Count(string property) => counts.RootElement.TryGetProperty(property, out var count) ? count.GetInt32() : 0;
        return End(
            new(name, Count("numPassedTests"), Count("numFailedTests"), Count("numPendingTests") + Count("numTodoTests")), code, clock);
    }

    private static Stopwatch Begin(string name)
    {
        Console.WriteLine($"\n{name} ...");
        return Stopwatch.StartNew();
    }

    // A suite that left no results, or whose process failed though no test did, has failed.
    private static Suite End(Suite suite, int code, Stopwatch clock)
    {
        var (name, passed, failed, skipped) = suite;
        var isEmpty = passed + failed + skipped == 0;
        if (failed == 0 && (code != 0 || isEmpty))
        {
            failed = 1;
            var why = isEmpty ? "it left no results" : "its process failed, though no test did";
            Console.WriteLine($"{name} counts as failed: {why} (exit code {code}).");
        }
        Console.WriteLine($"{name}: {passed} passed, {failed} failed, {skipped} skipped in {clock.Elapsed.TotalSeconds:0} s");
        return suite with { Failed = failed };
    }
}

/// <summary>The benchmark, which measures in the local host.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(string[] options, CancellationToken stop)
    {
        await Setup.NodeAsync(stop);
        await Setup.BuildAsync("tests/Benchmarks", stop);
        var (code, _) = await Child.RunAsync("dotnet", ["tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll", .. options], stop, aloud: true);
        return code;
    }
}

/// <summary>The zip that Azure Functions runs from.</summary>
internal static class Publishing
{
    private const string Project = "src/Serverless.Functions";
    private const string Work = ".local/publish";

    // Flex Consumption runs on Linux on x64 and brings the framework. Symbols and documentation would only make starts longer.
    private static readonly string[] Properties =
    [
        "-p:PublishReadyToRun=true", "-p:DebugType=none",
        "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false",
    ];

    // A folder of its own for what is built, so that no file of an earlier build gets in.
    private static readonly string[] Target = ["-r", "linux-x64", "--artifacts-path", Path.GetFullPath(Work), "--nologo"];

    public static async Task<int> RunAsync(string? from, string output, CancellationToken stop)
    {
        var folder = Path.GetFullPath(from ?? Path.Combine(Work, "app"));
        if (from is null)
            await BuildAsync(folder, stop);
        else if (!Directory.Exists(folder))
            throw new Failure($"There is no folder {from}.");

        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        var deps = Path.Combine(folder, Payload.Deps);
        var faults = Payload.Check(files, File.Exists(deps) ? await File.ReadAllTextAsync(deps, stop) : "{}");
        if (faults is not [])
            throw new Failure($"{string.Join('\n', faults)}\n\nSo nothing was packed.");

        await PackAsync(folder, files, output, stop);
        Console.WriteLine($"{output}: {files.Length} files, {new FileInfo(output).Length / 1024} KB");
        return 0;
    }

    private static async Task BuildAsync(string folder, CancellationToken stop)
    {
        if (Directory.Exists(Work))
            Directory.Delete(Work, recursive: true);
        await Setup.NodeAsync(stop);
        await Setup.PackageAsync("client", stop);
        await Setup.PackageAsync("dashboard", stop);
        Console.WriteLine($"Publishing {Project} ...");
        var (code, said) = await Child.RunAsync("dotnet",
            ["publish", Project, "-c", "Release", "--self-contained", "false", "-o", folder, .. Target, .. Properties], stop);
        if (code != 0)
            throw new Failure($"{said}\n\n{Project} can't be published; the errors are above.");
    }

    // The same commit gives the same bytes: entries in order, with the time of the commit and the rights that Linux needs.
    private static async Task PackAsync(string folder, string[] files, string output, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        var time = await CommitTimeAsync(stop);
        using var zip = new ZipArchive(File.Create(output), ZipArchiveMode.Create);
        foreach (var file in files)
        {
            var entry = zip.CreateEntry(file, CompressionLevel.Optimal);
            entry.LastWriteTime = time;
            entry.ExternalAttributes = (file == Payload.Executable ? 0x81ED : 0x81A4) << 16; // -rwxr-xr-x, -rw-r--r--
            using var content = entry.Open();
            using var source = File.OpenRead(Path.Combine(folder, file));
            await source.CopyToAsync(content, stop);
        }
    }

    // Sources that are no clone have no commit; a zip knows no time before 1980.
    private static async Task<DateTimeOffset> CommitTimeAsync(CancellationToken stop)
    {
        var (code, said) = Setup.OnPath("git") is { } git
            ? await Child.RunAsync(git, ["log", "-1", "--format=%ct"], stop)
            : (1, "");
        return code == 0 && long.TryParse(said, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}

/// <summary>What the Functions host needs to run the app, and all that may be there.</summary>
internal static class Payload
{
    public const string Executable = "Serverless.Functions";
    public const string Deps = "Serverless.Functions.deps.json";

    // The host's extensions. Its name begins with a dot, so many tools that make a zip leave it out; then no function is found.
    private const string Extensions = ".azurefunctions/";

    private static readonly string[] Needed =
    [
        "host.json", "worker.config.json", "functions.metadata", "extensions.json",
        Executable, "Serverless.Functions.dll", Deps, "Serverless.Functions.runtimeconfig.json",
    ];

    private static readonly string[] AssetKinds = ["runtime", "native", "resources"];

    /// <summary>A sentence for each file that is missing, and for each that doesn't belong there.</summary>
    /// <param name="files">Paths in the folder, with slashes.</param>
    /// <param name="deps">The text of <see cref="Deps"/>, which names every assembly and where it comes from.</param>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<string> files, string deps)
    {
        using var document = JsonDocument.Parse(deps);
        var needed = Needed.Concat(Assemblies(document.RootElement)).Distinct().ToList();
        List<string> faults =
        [
            .. needed.Except(files).Select(file => $"{file} is missing."),
            .. files.Except(needed).Where(file => !BelongsToExtensions(file)).Select(file => $"{file} doesn't belong there."),
        ];
        if (!files.Any(BelongsToExtensions))
            faults.Insert(0, $"{Extensions} is missing.");
        return faults;
    }

    private static bool BelongsToExtensions(string file) =>
        file.StartsWith(Extensions, StringComparison.Ordinal) && Path.GetExtension(file) is ".dll" or ".json"
            && Path.GetFileName(file) != "local.settings.json";

    private static IEnumerable<string> Assemblies(JsonElement deps) =>
        from library in Members(deps, "targets").SelectMany(target => target.Value.EnumerateObject())
        from kind in AssetKinds
        from file in Members(library.Value, kind)
        let locale = file.Value.TryGetProperty("locale", out var name) ? $"{name}/" : ""
        select locale + file.Name.Split('/')[^1];

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var members) ? members.EnumerateObject() : default;
}

/// <summary>What has to be on the machine and in the working copy before anything runs.</summary>
internal static class Setup
{
    // They share their settings, the builder of pages and its styles: a change of one builds both.
    private static readonly string[] Pages = ["src/client", "src/dashboard"];

    private const string NeedNode = "Azurite, the storage emulator, and the tools of the pages need Node.js 20.19 or later with npm";

    /// <summary>Installs Azurite and the tools of the pages as the lock file says, unless it is. Returns the path of node.</summary>
    public static async Task<string> NodeAsync(CancellationToken stop)
    {
        if (OnPath("node") is not { } node || OnPath("npm") is not { } npm)
            throw new Failure($"{NeedNode}, and it is not on PATH: install it, then run this again.");
        var (_, version) = await Child.RunAsync(node, ["--version"], stop);
        if (!Version.TryParse(version.TrimStart('v').Split('-')[0], out var number) || number < new Version(20, 19))
            throw new Failure($"{NeedNode}, and the one on PATH is {version}: install a newer one, then run this again.");

        var stamp = new Stamp("npm", ["package-lock.json"]);
        if (Directory.Exists("node_modules/azurite") && stamp.Stands)
            return node;
        Console.WriteLine("Installing Azurite and the tools of the pages (npm ci) ...");
        stamp.Remove();
        var (code, said) = await Child.RunAsync(npm, ["ci", "--fetch-retry-mintimeout=2000"], stop);
        if (code != 0)
            throw new Failure($"""
                {string.Join('\n', said.Split('\n').Where(line => !Regex.IsMatch(line, @"\s+at ")).TakeLast(15))}

                `npm ci` failed, so neither is installed; npm's last lines are above. Check the network and npm's registry
                setting (npm config get registry), then run this again.
                """);
        stamp.Set();
        return node;
    }

    /// <summary>Builds what runs in a browser, unless it is as its sources are: the client with its demo page, or the dashboard. The app
    /// takes the pages in when it is built itself.</summary>
    public static async Task PackageAsync(string name, CancellationToken stop)
    {
        var folder = Path.Combine("src", name);
        var built = Path.Combine(folder, "dist");
        var sources = Pages.SelectMany(each => Directory.GetFiles(each, "*", SearchOption.AllDirectories))
            .Where(file => !Regex.IsMatch(file, @"[\\/](dist|node_modules)[\\/]"));
        var stamp = new Stamp(name, ["package-lock.json", .. sources]);
        if (Directory.Exists(built) && stamp.Stands)
            return;
        Console.WriteLine($"Building the {name} ...");
        stamp.Remove();
        var (code, said) = await Child.RunAsync(OnPath("npm")!, ["run", "build", "--workspace", $"src/{name}"], stop);
        if (code != 0)
            throw new Failure($"{said}\n\nThe {name} does not build; the errors are above.");
        stamp.Set();
    }

    /// <summary>The path of Core Tools, or null where the local host runs the app. Says which.</summary>
    public static async Task<string?> FuncAsync(string? host, CancellationToken stop)
    {
        var func = host == "local" ? null : OnPath("func");
        var version = func is null ? "" : await VersionAsync(func, stop);
        if (func is not null && version.StartsWith("4.", StringComparison.Ordinal))
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

    private static async Task<string> VersionAsync(string func, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(LongestVersion);
        try
        {
            return (await Child.RunAsync(func, ["--version"], limit.Token)).Said.Split('\n')[^1].Trim();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"unknown: no answer in {LongestVersion.TotalSeconds} s";
        }
    }

    public static async Task BuildAsync(string what, CancellationToken stop)
    {
        Console.WriteLine($"Building {what} ...");
        var (code, said) = await Child.RunAsync("dotnet", ["build", what, "-c", "Release", "--nologo"], stop);
        if (code != 0)
            throw new Failure($"{said}\n\n{what} does not build; the errors are above.");
    }

    public static string? OnPath(string program) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from file in OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : new[] { program }
         where folder.Length > 0
         select Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}

/// <summary>Remembers, in .local, of which files something was made.</summary>
internal sealed class Stamp
{
    private readonly string _path;
    private readonly string _hash;

    public Stamp(string name, IEnumerable<string> files)
    {
        _path = Path.Combine(Directory.CreateDirectory(".local").FullName, $"{name}.sha256");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(File.ReadAllBytes(file));
        }
        _hash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether the files are still the same.</summary>
    public bool Stands => File.Exists(_path) && File.ReadAllText(_path) == _hash;

    public void Remove() => File.Delete(_path);

    public void Set() => File.WriteAllText(_path, _hash);
}

/// <summary>A process that this program started and does not leave behind.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly Process _process;
    private readonly ConcurrentQueue<string?> _said = [];

    /// <param name="aloud">It writes to this console itself; otherwise what it says is kept.</param>
    /// <param name="endsWithInput">It ends in good order when its input does.</param>
    public Child(string name, string program, string[] arguments, string folder = "",
        IDictionary<string, string>? environment = null, bool aloud = false, bool endsWithInput = false)
    {
        _name = name;
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = endsWithInput,
            RedirectStandardOutput = !aloud,
            RedirectStandardError = !aloud,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
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

    /// <summary>Straight to this machine, whatever proxy the environment names.</summary>
    public static HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public Task Exited { get; }

    public string Ending => $"{_name} ended by itself (exit code {_process.ExitCode}).";

    private string Said => string.Join('\n', _said).Trim();

    /// <summary>Runs it to its end; when stopped, it and all that it started are killed.</summary>
    public static async Task<(int Code, string Said)> RunAsync(
        string program, string[] arguments, CancellationToken stop, bool aloud = false)
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
            catch (Exception e) when (IsNoAnswer(e, stop))
            {
                if (clock.Elapsed > LongestStart)
                    throw new Failure($"{Said}\n{_name} did not answer on {url} within {LongestStart.TotalSeconds} s.".TrimStart());
            }
        }
        throw new Failure($"{Said}\n{Ending}".TrimStart(), Math.Max(_process.ExitCode, 1));
    }

    public static bool IsNoAnswer(Exception e, CancellationToken stop) =>
        e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested);

    /// <summary>Asks it to end, and kills it when it hasn't after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process.StartInfo.RedirectStandardInput)
            _process.StandardInput.Close();
        else if (!OperatingSystem.IsWindows() && !Exited.IsCompleted) // Windows has sent it the Ctrl+C, and knows no other way.
            await RunAsync("/bin/sh", ["-c", $"kill -TERM {_process.Id}"], CancellationToken.None);
        await Task.WhenAny(Exited, Task.Delay(5000));
        _process.Kill(entireProcessTree: true);
        await Task.WhenAny(Exited, Task.Delay(5000));
        _process.Dispose();
    }
}

/// <summary>An expected end: a sentence for the user, and the exit code.</summary>
internal sealed class Failure(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
