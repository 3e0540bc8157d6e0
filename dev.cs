#:property PublishAot=false
#:package System.CommandLine

// The commands of this repository. They need the .NET SDK, Node.js and the package registries, and no shell.

using System.Collections.Concurrent;
using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
// The compiler server makes a build faster and ends by itself; idle nodes of MSBuild would only hold memory.
Environment.SetEnvironmentVariable("MSBUILDDISABLENODEREUSE", "1");

var port = PortOption("--port", 7071, "the app's port");
var storagePort = PortOption("--storage-port", 10000, "the first of Azurite's three ports: blob, queue, table");
Option<string?> host = new("--host") { HelpName = "func|local", Description = "Core Tools (if version 4 is on PATH) or src/Serverless.LocalHost" };
host.AcceptOnlyFromAmong("func", "local");
Option<bool> redis = new("--redis") { Description = "with the machine's redis-server, as several instances would share it" };
Option<bool> prebuilt = new("--prebuilt") { Description = "starts what was built before" };
Option<bool> verbose = new("--verbose") { Description = "with the host's list of routes and timers" };
Command up = new("up", "Installs and builds what is needed, then runs the storage emulator, a mail inbox and the app. Ctrl+C stops all.")
{ port, storagePort, host, redis, prebuilt, verbose };
up.SetAction((given, stop) => UpAsync(given.GetValue(port), given.GetValue(storagePort), given.GetValue(host), given.GetValue(redis),
    !given.GetValue(prebuilt), given.GetValue(verbose), stop));

Argument<string> filter = new("[filter]") { Description = "only the suites whose name contains it, whole", DefaultValueFactory = _ => "" };
Option<bool> all = new("--all") { Description = "what runs every night, too: faults, the soak, big tables, timing" };
filter.Validators.Add(result => { if (result.GetValueOrDefault<string>() is ['-', ..] name) result.AddError($"There is no option {name}."); });
Command test = new("test", "Builds everything with warnings as errors and runs the test suites.") { filter, all, host };
test.SetAction((given, stop) => TestAsync(given.GetValue(filter)!, given.GetValue(host), given.GetValue(all), stop));

Option<string?> json = new("--json") { HelpName = "FILE", Description = "writes the figures to a file, too" };
Option<bool> micro = new("--micro") { Description = "measures tokens, keys, rows and JSON by themselves instead" };
Command bench = new("bench", "Measures the app beside a bare worker; exit code 1 when a budget of docs/performance.md is missed.") { json, micro };
bench.Validators.Add(result => { if (result.GetValue(json) is { } && result.GetValue(micro)) result.AddError("--json and --micro exclude each other."); });
bench.SetAction(async (given, stop) =>
{
    await BuildAsync("tests/Benchmarks", stop);
    string[] options = given.GetValue(json) is { } file ? ["--json", file] : given.GetValue(micro) ? ["--micro"] : [];
    return await Child.RunAsync("dotnet", ["tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll", .. options], stop);
});

Option<string?> output = new("--output") { HelpName = "FILE", Description = "the zip (publish/serverless-sessions.zip)" };
Option<string?> from = new("--from") { HelpName = "FOLDER", Description = "packs what was published to FOLDER instead of building" };
Command publish = new("publish", "Builds the zip to deploy, compiled ahead for Linux on x64.") { output, from };
publish.SetAction(async (given, stop) =>
{
    var folder = Path.GetFullPath(given.GetValue(from) ?? ".local/publish/app");
    if (given.GetValue(from) is null)
    {
        // A new folder of its own keeps files of earlier builds out.
        Directory.CreateDirectory(".local/publish").Delete(recursive: true);
        await DotnetAsync("src/Serverless.Functions", ["publish", "src/Serverless.Functions", .. ReleaseBuild, "-o", folder,
            "--artifacts-path", Path.GetFullPath(".local/publish"), "-p:DebugType=none"], stop);
    }

    return await Child.RunAsync("dotnet", ["src/package.cs", folder, given.GetValue(output) ?? "publish/serverless-sessions.zip"], stop);
});

Argument<string> accounts = new("file") { HelpName = "FILE", Description = "an account a line (docs/api.md)" };
Command import = new("import", "Imports accounts; IMPORT_ADDRESS, IMPORT_EMAIL and IMPORT_PASSWORD say where and as whom.") { accounts };
import.SetAction((given, stop) => Child.RunAsync("dotnet", ["src/import.cs", given.GetValue(accounts)!], stop));

Command infra = new("infra", "Compiles, lints and evaluates the Azure templates, and holds them to their rules.");
infra.SetAction(async (_, stop) =>
{
    await DotnetAsync("the templates", ["msbuild", "infra/bicep.proj", "-restore", "-nologo", "-v:m"], stop);
    await DotnetAsync("the tools of the tests", ["msbuild", "src/pages.proj", "-t:Install", "-nologo", "-v:m"], stop);
    return await Child.RunAsync("node", ["node_modules/vitest/vitest.mjs", "run", "--root", "tests/infra"], stop);
});

Command help = new("help", "Shows this.");
RootCommand root = new() { up, test, infra, bench, publish, import, help };
var usage = "Usage: dotnet dev.cs <command>\n" + string.Concat(root.Subcommands.Select(command =>
    $"\n  {command.Name,-9}{command.Description}\n" + string.Concat(command.Children.Select(child =>
        $"{"",13}{$"{child.Name} {(child as Option)?.HelpName}",-20}{child.Description}\n"))));
help.SetAction(_ => Console.WriteLine(usage));
var given = root.Parse(args);
if (given.Errors is not [])
{
    Console.Error.WriteLine($"{string.Join('\n', given.Errors)}\n\n{usage}");
    return 2;
}

try
{
    // Long enough for the processes that it started to end.
    return await given.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
catch (OperationCanceledException exception) when (exception.InnerException is not TimeoutException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception exception) when (exception is Failure or IOException or UnauthorizedAccessException or Win32Exception
    or HttpRequestException or TaskCanceledException or JsonException or XmlException)
{
    Console.Error.WriteLine(exception.Message);
    if (given.CommandResult.Command == test)
        Console.WriteLine("0 passed, 1 failed, 0 skipped");
    return 1;
}

static Option<int> PortOption(string name, int usual, string description) => new(name)
{
    HelpName = "N", Description = $"{description} ({usual})", DefaultValueFactory = _ => usual,
    CustomParser = result =>
    {
        if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65533)
            result.AddError($"{name} takes a port number, not '{result.Tokens[0].Value}'.");
        return port;
    },
};

internal sealed partial class Program
{
    private static readonly string[] ReleaseBuild =
        ["-c", "Release", "--nologo", "-clp:ErrorsOnly", "-p:BuildPages=true", "-p:UseSharedCompilation=true"];

    private static readonly (string Name, string Path, string Configuration)[] NodeSuites =
    [
        ("Client", "src/client", "vitest.config.ts"),
        ("Client in a browser", "src/client", "browser/vitest.config.ts"),
        ("Dashboard", "src/dashboard", "vitest.config.ts"),
        ("Dashboard in a browser", "src/dashboard", "browser/vitest.config.ts"),
        ("Infrastructure", "tests/infra", "vitest.config.ts"),
    ];

    // Two run at a time. These begin: no long one is left alone at the end, and the many apps and pages don't start at the same time.
    private static readonly string[] First = ["EndToEnd.Tests", "Client", "Client in a browser", "Dashboard in a browser", "Serverless.Tables.Tests"];

    private const string Nightly = "Faults.Tests"; // As the tests that are marked so.
    // Their nightly tests measure time, so they have the machine to themselves.
    private static readonly string[] Timed = ["Serverless.Tables.Tests", Nightly];
    private static string Results => Path.GetFullPath(".local/test-results");

    private static async Task<int> UpAsync(int port, int storagePort, string? host, bool redis, bool builds, bool verbose, CancellationToken stop)
    {
        var func = await FuncAsync(host, stop);
        if (!File.Exists("local.settings.json"))
            File.Copy("local.settings.sample.json", "local.settings.json");
        int[] ports = [port, storagePort, storagePort + 1, storagePort + 2];
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().FirstOrDefault(listener => ports.Contains(listener.Port)) is { } taken)
            throw new Failure($"Port {taken.Port} is in use, probably by another `dotnet dev.cs up`, Azurite or `func start`: "
                + $"stop that, or choose another port with {(taken.Port == port ? "--port" : "--storage-port")}.");

        if (builds)
            await BuildAsync("src/Serverless.Functions", stop); // With its pages, and with them Azurite.
        if (builds && func is null)
            await BuildAsync("src/Serverless.LocalHost", stop);
        File.Copy("local.settings.json", "src/Serverless.Functions/bin/Release/net10.0/local.settings.json", overwrite: true);

        // A folder for each port: two Azurites in one folder overwrite each other's files.
        var data = Directory.CreateDirectory($".local/azurite/{storagePort}").FullName;
        Console.WriteLine("Starting ...");
        string[] arguments = ["src/Serverless.LocalHost/emulators.mjs", $"{storagePort}", data, func is null ? "table" : "all", redis ? "redis" : ""];
        await using var azurite = new Child("Azurite", "node", arguments, endsWithInput: true);
        await azurite.AnswersAsync($"http://127.0.0.1:{storagePort + 2}/", stop);
        var emulators = JsonNode.Parse(File.ReadAllText(Path.Combine(data, "emulators.json")))!;
        const string Email = "demo@example.com", Other = "other@example.com", Administrator = "admin@example.com";
        var address = $"http://localhost:{port}/api";
        var password = Environment.GetEnvironmentVariable("DEMO_PASSWORD") ?? "correct horse battery staple";
        var administrator = Setting("Administrator__Email");
        var inbox = Setting("Email__SmtpHost") is null ? (string?)emulators["inbox"] : null;
        // What isn't needed is left to local.settings.json.
        var found = (string part, bool isNeeded) => emulators[part]!.AsObject().Select(each => (each.Key, $"{each.Value}", isNeeded));
        (string Name, string Value, bool IsNeeded)[] settings =
        [
            ("Demo__Email", $"{Email}, {Other}", true), ("Demo__Password", password, true),
            ("Cookies__AllowedOrigins", $"http://localhost:{port}, http://localhost:5173, http://localhost:3000", Setting("Cookies__AllowedOrigins") is null),
            ("Administrator__Email", Administrator, administrator is null), ("Administrator__Password", password, administrator is null),
            ("Tokens__Issuer", address, port != 7071), ("Passkeys__Origins", $"http://localhost:{port}", port != 7071),
            // A timer may be newer than local.settings.json.
            .. Values("local.settings.sample.json").Where(each => each.Key.EndsWith("Schedule", StringComparison.Ordinal))
                .Select(each => (each.Key, $"{each.Value}", Setting(each.Key) is null)),
            .. found("storage", storagePort != 10000), .. found("mail", inbox is not null), .. found("redis", redis),
        ];
        foreach (var (name, value, _) in settings.Where(setting => setting.IsNeeded))
            Environment.SetEnvironmentVariable(name, value);
        string[] local = func is null ? [Path.GetFullPath("src/Serverless.LocalHost/bin/Release/net10.0/Serverless.LocalHost.dll")] : [];
        await using var app = new Child("The app", func ?? "dotnet", [.. local, "start", "--port", $"{port}", "--no-build", .. verbose ? (string[])["--verbose"] : []],
            folder: "src/Serverless.Functions/bin/Release/net10.0", hidesList: func is not null && !verbose);
        await app.AnswersAsync($"{address}/sessions/status", stop);
        var body = new JsonObject { ["email"] = Email, ["password"] = password }.ToJsonString();
        var argument = OperatingSystem.IsWindows() ? $"\"{body.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : $"'{body}'";
        if (await TryLoginAsync($"{address}/sessions/login", body, stop) is { } problem)
            Console.WriteLine($"\nThe demo login failed: {problem}\nThe lines above say why; DEMO_PASSWORD must keep the password rules.");
        Console.WriteLine($"""

            Demo       {address}/demo       {Email} or {Other}, password: {password}
            Dashboard  {address}/dashboard  {administrator ?? $"{Administrator}, the same password"}
            Mails      {inbox ?? "sent by Email__SmtpHost"}
            API        {address}            docs/api.md; the header X-Forwarded-For: 203.0.113.7 sets the caller's address
            Ctrl+C     stops everything

              curl -s {address}/sessions/login -H "content-type: application/json" -d {argument}
            """);

        await Task.WhenAny(app.Exited, azurite.Exited, Task.Delay(Timeout.Infinite, stop));
        // Ctrl+C reaches the app as well, which may end before it is noticed here.
        await Task.WhenAny(Task.Delay(500, stop));
        if (!stop.IsCancellationRequested)
            throw new Failure($"{(app.Exited.IsCompleted ? app : azurite).Ending} Everything else is stopped, too.");
        Console.WriteLine("Stopping ...");
        return 0;
    }

    // As the app will read it: from the environment, else from local.settings.json; null where it is nowhere or empty.
    private static string? Setting(string name) =>
        (Environment.GetEnvironmentVariable(name) ?? (string?)Values("local.settings.json")[name]) is { Length: > 0 } value ? value : null;

    private static JsonObject Values(string file) => JsonNode.Parse(File.ReadAllText(file),
        documentOptions: new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip })?["Values"]?.AsObject() ?? [];

    // The app creates the account while it starts, so early tries may be refused; a fifth failure would lock it.
    private static async Task<string?> TryLoginAsync(string url, string body, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(tries), stop);
            using var answer = await Child.Http.PostAsync(new Uri(url), new StringContent(body, null, "application/json"), stop);
            if (tries == 4 || (int)answer.StatusCode != 401)
                return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}";
        }
    }

    private static async Task<int> TestAsync(string filter, string? host, bool all, CancellationToken stop)
    {
        Environment.SetEnvironmentVariable("SERVERLESS_HOST", await FuncAsync(host, stop) is null ? "local" : "func");
        var whole = all || filter.Length > 0;
        var asked = Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(project => (Name: Path.GetFileNameWithoutExtension(project), Path: project, Configuration: ""))
            .Concat(NodeSuites)
            .Where(suite => suite.Name.Contains(filter, StringComparison.OrdinalIgnoreCase) && (whole || suite.Name != Nightly))
            .OrderBy(suite => First.Contains(suite.Name) ? Array.IndexOf(First, suite.Name) : First.Length).ToList();
        if (asked.Count == 0)
            throw new Failure($"No suite has '{filter}' in its name.");

        // Builds, suites and the apps that they start end within minutes: optimizing them as for hours would take longer than it saves.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        await BuildAsync("Serverless.sln", stop);
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountThreshold", "300");
        Directory.CreateDirectory(Results).Delete(recursive: true);
        ConcurrentQueue<Result> ran = [];
        foreach (var isAlone in new[] { false, true })
        {
            var suitesNow = asked.Where(suite => (whole && Timed.Contains(suite.Name)) == isAlone);
            ParallelOptions atOnce = new() { MaxDegreeOfParallelism = isAlone ? 1 : 2, CancellationToken = stop };
            await Parallel.ForEachAsync(suitesNow, atOnce, async (suite, _) => ran.Enqueue(suite.Configuration.Length > 0
                ? await TestAsync(suite.Name, "node", ["node_modules/vitest/vitest.mjs", "run", "--root", suite.Path,
                    "--config", suite.Configuration, "--reporter", "default", "--reporter", "junit",
                    "--outputFile.junit", $"{Results}/{suite.Name}.xml", .. whole ? (string[])[] : ["--exclude", "**/*.nightly.test.ts"]], stop)
                : await TestAsync(suite.Name, "dotnet", ["test", $"{Path.GetDirectoryName(suite.Path)}/bin/Release/net10.0/{suite.Name}.dll",
                    "--nologo", .. whole ? (string[])[] : ["--filter", "Run!=nightly"],
                    "--logger", $"trx;LogFileName={suite.Name}.xml", "--results-directory", Results], stop)));
        }

        Console.WriteLine($"\n{"Suite",-30}{"Passed",8}{"Failed",8}{"Skipped",9}{"Seconds",9}");
        foreach (var suite in ran)
            Console.WriteLine($"{suite.Name,-30}{suite.Passed,8}{suite.Failures.Count,8}{suite.Skipped,9}{suite.Time.TotalSeconds,9:0}");
        foreach (var failure in ran.SelectMany(suite => suite.Failures))
            Console.WriteLine($"FAILED {failure}");
        if (!whole)
            Console.WriteLine($"{Nightly} and the tests that take minutes were left out: --all runs them, too.");
        Console.WriteLine($"{ran.Sum(s => s.Passed)} passed, {ran.Sum(s => s.Failures.Count)} failed, {ran.Sum(s => s.Skipped)} skipped");
        return ran.All(suite => suite.Failures.Count == 0) ? 0 : 1;
    }

    private static async Task<Result> TestAsync(string name, string program, string[] arguments, CancellationToken stop)
    {
        Console.WriteLine($"\n{name} ...");
        var clock = Stopwatch.StartNew();
        var code = await Child.RunAsync(program, arguments, stop);
        var file = $"{Results}/{name}.xml";
        // dotnet test writes an outcome into each UnitTestResult, vitest a child into each testcase that didn't pass.
        var tests = (File.Exists(file) ? XDocument.Load(file).Descendants() : [])
            .Where(element => element.Name.LocalName is "UnitTestResult" or "testcase").ToList();
        var skipped = tests.Count(test => (string?)test.Attribute("outcome") == "NotExecuted" || test.Element("skipped") is not null);
        var failures = tests.Where(test => (string?)test.Attribute("outcome") is not (null or "Passed" or "NotExecuted")
            || test.Element("failure") is not null || test.Element("error") is not null).Select(Described).ToList();
        var passed = tests.Count - failures.Count - skipped;
        // No results, or a process that failed though no test did, is a failure.
        if (failures.Count == 0 && (code != 0 || passed == 0))
            failures.Add($"{name}: {passed} tests passed, and its process ended with exit code {code}.");
        return new(name, passed, failures, skipped, clock.Elapsed);

        string Described(XElement test) => string.Join("\n    ", test.DescendantsAndSelf()
            .FirstOrDefault(element => element.Name.LocalName is "ErrorInfo" or "failure" or "error")?.Value.Trim().Split('\n').Take(12)
            .Prepend($"{name}: {(string?)test.Attribute("testName") ?? (string?)test.Attribute("name")}") ?? [name]);
    }

    private static Task BuildAsync(string project, CancellationToken stop) => DotnetAsync(project, ["build", project, .. ReleaseBuild], stop);

    private static async Task DotnetAsync(string what, string[] arguments, CancellationToken stop)
    {
        Console.WriteLine($"Building {what} ...");
        if (await Child.RunAsync("dotnet", arguments, stop) != 0)
            throw new Failure($"Building {what} failed; the errors are above.");
    }

    /// <summary>The path of Core Tools, or null where the local host runs the app. Says which.</summary>
    private static async Task<string?> FuncAsync(string? host, CancellationToken stop)
    {
        string[] names = OperatingSystem.IsWindows() ? ["func.exe", "func.cmd"] : ["func"];
        var func = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        var version = func is null || host == "local" ? "" : await VersionAsync(func, stop);
        var whyNot = host == "local" ? "as asked"
            : func is null ? "func is not on PATH"
            : version.StartsWith("4.", StringComparison.Ordinal) ? null : $"func is version '{version}', and 4 is needed";
        if (host == "func" && whyNot is not null)
            throw new Failure($"Azure Functions Core Tools can't run the app: {whyNot}. Install version 4 of them, or leave --host out.");
        Console.WriteLine(whyNot is null ? $"Host: Azure Functions Core Tools {version} ({func})" : $"Host: src/Serverless.LocalHost ({whyNot})");
        return whyNot is null ? func : null;
    }

    private static async Task<string> VersionAsync(string func, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(func, ["--version"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var answers = await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(30), stop)) == output;
        process.Kill(entireProcessTree: true);
        stop.ThrowIfCancellationRequested();
        return answers ? (await output).Trim().Split('\n')[^1] : "unknown (no answer in 30 s)";
    }

    private sealed record Result(string Name, int Passed, List<string> Failures, int Skipped, TimeSpan Time);
}

/// <summary>A process that this program started and does not leave behind.</summary>
/// <param name="endsWithInput">Whether the end of its input ends it in good order.</param>
/// <param name="hidesList">Whether to leave out the list of functions that Core Tools print at the start.</param>
internal sealed class Child(string name, string program, string[] arguments, string folder = "", bool endsWithInput = false, bool hidesList = false)
    : IAsyncDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(program, arguments)
    { WorkingDirectory = folder, RedirectStandardInput = endsWithInput, RedirectStandardOutput = hidesList })!;

    /// <summary>Ignores the environment's proxy: everything is on this machine.</summary>
    public static HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public Task Exited => _process.WaitForExitAsync();
    public string Ending => $"{name} ended by itself (exit code {_process.ExitCode}).";

    /// <summary>Runs it to its end; when stopped, kills it and all that it started.</summary>
    public static async Task<int> RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(program, arguments);
        await using var killing = stop.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Waits until it answers on this address, with whatever status.</summary>
    public async Task AnswersAsync(string url, CancellationToken stop)
    {
        _ = hidesList ? ShowAsync() : null;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1) && !_process.HasExited; await Task.Delay(200, stop))
            if (await Task.WhenAny(Http.GetAsync(new Uri(url), stop)) is { IsCompletedSuccessfully: true }) // Else it doesn't listen yet, or hangs.
                return;

        throw new Failure(_process.HasExited ? Ending : $"{name} did not answer on {url} within a minute.");
    }

    private async Task ShowAsync()
    {
        for (var isList = false; await _process.StandardOutput.ReadLineAsync() is { } line;)
        {
            isList = line == "Functions:" || (isList && line is "" or ['\t' or '[', ..]);
            if (!isList || line is ['[', ..]) // A line of the log may be in between.
                Console.WriteLine(line);
        }
    }

    /// <summary>Asks it to end, and kills it when it hasn't after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (endsWithInput)
            _process.StandardInput.Close();
        else if (!OperatingSystem.IsWindows() && !_process.HasExited) // Windows has sent it the Ctrl+C, and knows no other way.
            await RunAsync("/bin/sh", ["-c", $"kill -TERM {_process.Id}"], CancellationToken.None);
        await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromSeconds(5)));
        _process.Kill(entireProcessTree: true);
        await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromSeconds(5)));
        _process.Dispose();
    }
}

/// <summary>An expected failure: its message is for the user.</summary>
internal sealed class Failure(string message) : Exception(message);
