using System.Diagnostics;

namespace EndToEnd.Tests.Commands;

/// <summary><c>dotnet dev.cs up</c>: every night as a newcomer types it, otherwise without its builds.</summary>
public sealed class UpTests
{
    private static readonly string Output = Path.Combine(RepositoryRoot.Path, "src/Serverless.Functions/bin/Release/net10.0");
    private static readonly string Settings = Path.Combine(RepositoryRoot.Path, "local.settings.json");
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    // Not --no-build, which dotnet takes for itself.
    [Fact]
    public Task The_line_that_it_prints_logs_in_and_the_pages_are_there_and_nothing_is_left_behind() =>
        UpAsync(hasOldSettings: true, null, "--prebuilt", "--redis");

    [Fact]
    [Trait("Run", "nightly")]
    public Task It_builds_what_it_starts() => UpAsync(hasOldSettings: false);

    /// <summary>Core Tools print the list whether they are asked to or not: here a script, which then runs the local host.</summary>
    [Fact]
    [Trait("Run", "nightly")]
    public async Task The_functions_that_Core_Tools_list_are_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-func-");
        var func = Path.Combine(folder.FullName, "func");
        await File.WriteAllTextAsync(func, $$"""
            #!/bin/sh
            [ "$1" = --version ] && exec echo 4.6.0
            printf '[12:00:00] First.\n\nFunctions:\n\n\tLogin: [POST] http://localhost/api/sessions/login\n\n[12:00:01] Second.\n'
            printf '\tPurgeExpiredSessions: timerTrigger\n\nFor detailed output, run func with --verbose flag.\n[12:00:02] Third.\n'
            exec dotnet "{{Path.Combine(RepositoryRoot.Path, "src/Serverless.LocalHost/bin/Release/net10.0/Serverless.LocalHost.dll")}}" "$@"
            """);
        await Run.ToEndAsync("chmod", "+x", func);
        try
        {
            var lines = await UpAsync(hasOldSettings: true, func, "--prebuilt");
            Assert.DoesNotContain(lines, line => line.Contains("Login:", StringComparison.Ordinal));
            Assert.Equal(["First.", "Second.", "Third."], lines.Where(line => line.StartsWith("[12:", StringComparison.Ordinal)).Select(line => line[11..]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string[]> UpAsync(bool hasOldSettings, string? func = null, params string[] options)
    {
        var isFresh = !File.Exists(Settings);
        if (isFresh && hasOldSettings)
        {
            var sample = File.ReadLines(Path.Combine(RepositoryRoot.Path, "local.settings.sample.json"));
            File.WriteAllLines(Settings, sample.Where(line => !line.Contains("SendOutboxSchedule", StringComparison.Ordinal)));
        }

        var (port, storagePort) = (FreePort.Next(), FreePort.Next(3));
        var start = new ProcessStartInfo("dotnet", ["dev.cs", "up", "--port", $"{port}", "--storage-port", $"{storagePort}",
            "--host", FunctionsHost.IsCoreTools || func is not null ? "func" : "local", .. options])
        { WorkingDirectory = RepositoryRoot.Path };
        if (func is not null)
            start.Environment["PATH"] = $"{Path.GetDirectoryName(func)}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var process = new OverheardProcess(start);
        try
        {
            bool IsUp() => process.Lines.Any(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal));
            await process.UntilAsync(() => process.Process.HasExited || IsUp(), LongestStart);
            Assert.False(process.Process.HasExited, process.Output);
            var curl = process.Lines.Single(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal));
            // From another address, with each demo account.
            foreach (var login in (string[])[curl, curl.Replace("demo@", "other@", StringComparison.Ordinal)])
            {
                var (_, answer, _) = await Run.ToEndAsync("bash", "-c", $"{login} -H 'X-Forwarded-For: 203.0.113.7'");
                Assert.Contains("\"ipAddress\":\"203.0.113.7\"", answer, StringComparison.Ordinal);
            }

            // From a page of Vite, which stays logged in by its cookie.
            var (_, remembered, _) = await Run.ToEndAsync("bash", "-c",
                $"{curl.Replace("{", "{\"cookie\":true,", StringComparison.Ordinal)} -i -H 'Origin: http://localhost:5173' -H 'X-Session-Request: 1'");
            Assert.Contains("__Host-refresh=", remembered, StringComparison.Ordinal);
            Assert.DoesNotContain(process.Lines, line => line.Contains("PurgeExpiredSessions:", StringComparison.Ordinal));
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            http.DefaultRequestHeaders.Accept.Add(new("text/html"));
            var inbox = new Uri(process.Lines.Single(line => line.StartsWith("Mails ", StringComparison.Ordinal))["Mails ".Length..]);
            foreach (var page in (Uri[])[new($"http://localhost:{port}/api/demo"), new($"http://localhost:{port}/api/dashboard"), inbox])
                Assert.Contains("<!doctype html>", await http.GetStringAsync(page), StringComparison.OrdinalIgnoreCase);

            if (options.Contains("--redis"))
            {
                await Eventually.TrueAsync("Redis is connected", async () =>
                    (await http.GetStringAsync(new Uri($"http://localhost:{port}/api/health/ready"))).Contains("\"redis\":\"connected\"", StringComparison.Ordinal));
            }

            process.Signal("TERM");
            Assert.Equal(0, await process.ExitCodeAsync(TimeSpan.FromSeconds(30)));
            Assert.All((int[])[port, storagePort + 2, inbox.Port], left => Assert.True(FreePort.IsFree(left), $"Something listens on {left}."));
            return [.. process.Lines];
        }
        finally
        {
            await process.KillAsync();
            if (isFresh)
            {
                File.Delete(Settings);
                File.Delete(Path.Combine(Output, "local.settings.json"));
            }

            foreach (var left in (string[])[Path.Combine(Output, ".timers", $"{port}"), Path.Combine(RepositoryRoot.Path, ".local/azurite", $"{storagePort}")])
            {
                if (Directory.Exists(left))
                    Directory.Delete(left, recursive: true);
            }
        }
    }
}
