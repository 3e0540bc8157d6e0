using System.Diagnostics;
using EndToEnd.Tests.Readme;
using Serverless.Testing;

namespace EndToEnd.Tests.Commands;

/// <summary>Every command of the documents is run by something, or says what it needs that isn't here.</summary>
public sealed class DocumentedCommandsTests
{
    /// <summary>Commands that take long, or change the working copy, and what runs them: a file, and the words in it.</summary>
    private static readonly Dictionary<string, (string File, string Words)> RunElsewhere = new()
    {
        ["dotnet dev.cs up"] = (".ci/run", "dotnet dev.cs up"),
        ["dotnet dev.cs test"] = (".ci/run", "dotnet dev.cs test"),
        // One suite of those that the command above runs.
        ["dotnet dev.cs test Sessions"] = (".ci/run", "dotnet dev.cs test"),
        ["dotnet dev.cs test Client"] = (".ci/run", "dotnet dev.cs test"),
        ["dotnet dev.cs test Faults"] = (".ci/run", "dotnet dev.cs test"),
        ["dotnet test tests/Serverless.Tables.Tests -c Debug --filter TransactionBudgetTests"] = ("dev.cs", "\"test\", project"),
        ["SOAK_SECONDS=1200 FAULTS_LOG=soak.log dotnet test tests/Faults.Tests -c Release --filter SoakTests"] = ("dev.cs", "\"test\", project"),
        ["dotnet format Serverless.sln"] = (".ci/run", "dotnet format whitespace Serverless.sln --verify-no-changes"),
        ["dotnet format Serverless.sln --verify-no-changes"] = (".ci/run", "dotnet format whitespace Serverless.sln --verify-no-changes"),
        // Named as programs, without what to do.
        ["dotnet dev.cs"] = (".ci/run", "dotnet dev.cs up"),
        ["dotnet build"] = ("dev.cs", "[\"build\", what,"),
        ["npm ci"] = ("dev.cs", "[\"ci\","),
        ["npm run build --workspace src/client"] = ("dev.cs", "[\"run\", \"build\", \"--workspace\""),
        ["npm run build --workspace src/dashboard"] = ("dev.cs", "[\"run\", \"build\", \"--workspace\""),
        ["npm test"] = ("dev.cs", "(\"Client\", \"src/client\", \"vitest.config.ts\")"),
        ["npm run test:browser"] = ("dev.cs", "(\"Client in a browser\", \"src/client\", \"browser/vitest.config.ts\")"),
    };

    /// <summary>Commands that nothing runs, and why not.</summary>
    private static readonly Dictionary<string, string> RunByHand = new()
    {
        ["dotnet dev.cs bench"] = "Measures for minutes, and its budgets of time don't hold on a machine that does anything else.",
        ["dotnet dev.cs publish"] = "Needs the official packages; PublishTests run what stands behind the restore.",
        ["dotnet run --project src/Serverless.Functions"] = "Starts what the suites start by its assembly.",
    };

    /// <summary>Short commands, which this class runs itself, and the beginning of what they show.</summary>
    private static readonly Dictionary<string, string> RunHere = new()
    {
        ["dotnet dev.cs help"] = "Usage: dotnet dev.cs <command>",
        ["echo whsec_$(openssl rand -base64 32)"] = "whsec_",
    };

    private static readonly List<DocumentedCommand> Commands =
        [.. DocumentedCommands.Pages.SelectMany(page => DocumentedCommands.Find(page, DocumentedCommands.Read(page)))];

    [Fact]
    public void Every_block_says_what_it_is() => Assert.Empty(
        from page in DocumentedCommands.Pages
        from mark in DocumentedCommands.Marks(DocumentedCommands.Read(page))
        where mark is not ("sh" or "sh needs-azure" or "sh needs-core-tools" or "text" or "ts" or "tsx" or "json" or "bicep" or "yaml" or "csharp" or "html")
        select $"{page}: ```{mark}");

    [Fact]
    public void Every_command_is_run_by_something_or_says_what_it_needs()
    {
        var ofReadme = ReadmeScript.Parse(DocumentedCommands.Read("README.md")).Select(command => command.Text).ToHashSet();

        var left = Commands.Where(command => command.Needs is null
            && !(command.Page == "README.md" && ofReadme.Contains(command.Text))
            && !RunElsewhere.ContainsKey(command.Text)
            && !RunByHand.ContainsKey(command.Text)
            && !RunHere.ContainsKey(command.Text)).Select(command => $"{command.Page}: {command.Text}").ToList();
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    [Fact]
    public void What_is_said_to_run_a_command_does_and_no_command_is_listed_in_vain()
    {
        Assert.All(RunElsewhere, command => Assert.Contains(
            command.Value.Words, File.ReadAllText(Path.Combine(RepositoryRoot.Path, command.Value.File)), StringComparison.Ordinal));
        Assert.Empty(RunElsewhere.Keys.Concat(RunByHand.Keys).Concat(RunHere.Keys).Except(Commands.Select(command => command.Text)));
    }

    [Fact]
    public async Task Short_commands_show_what_they_are_said_to()
    {
        foreach (var (command, beginning) in RunHere)
        {
            using var process = new Process
            {
                StartInfo = new("bash", ["--noprofile", "--norc", "-c", command])
                {
                    WorkingDirectory = RepositoryRoot.Path,
                    RedirectStandardOutput = true,
                },
            };
            process.Start();
            var shown = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal((command, 0), (command, process.ExitCode));
            Assert.StartsWith(beginning, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commands_are_found_in_blocks_and_lines_with_what_they_need()
    {
        const string Markdown = """
            Run `dotnet a.cs`, or `az b
            c` and `func start`; `dotnetX` and `azure` are none.

            ```sh
            # Alone.
            one --x 'a # b'   # what it does
            two \
              --y
            ```

            ```sh needs-azure
            azd up
            ```

            ```text
            three
            ```
            """;

        Assert.Equal(
            [
                new("p", "one --x 'a # b'", null), new("p", "two    --y", null), new("p", "azd up", "azure"),
                new("p", "dotnet a.cs", null), new("p", "az b c", "azure"), new("p", "func start", "core-tools"),
            ],
            DocumentedCommands.Find("p", Markdown));
        Assert.Equal(["sh", "sh needs-azure", "text"], DocumentedCommands.Marks(Markdown));
    }
}
