using EndToEnd.Tests.Readme;

namespace EndToEnd.Tests.Commands;

/// <summary>Every command of the documents is run here, run by CI, tested elsewhere, or marked with what it needs.</summary>
public sealed partial class DocumentedCommandsTests
{
    /// <summary>Commands that take long or change the working copy, and the file and words by which CI does the same.</summary>
    private static readonly Dictionary<string, (string File, string Words)> DoneByCi = new()
    {
        ["dotnet dev.cs test"] = (".ci/run", "dotnet dev.cs test"),
        ["dotnet format whitespace . --folder"] = (".ci/run", "dotnet format whitespace . --folder --verify-no-changes"),
        ["dotnet format whitespace . --folder --verify-no-changes"] = (".ci/run", "dotnet format whitespace . --folder --verify-no-changes"),
        ["dotnet dev.cs infra"] = (".github/workflows/ci.yml", "dotnet dev.cs infra"),
        // Named as programs, without what to do.
        ["dotnet dev.cs"] = (".ci/run", "dotnet dev.cs test"),
        ["npm ci"] = ("src/pages.proj", "npm ci"),
        ["npm run build --workspace src/client"] = ("src/pages.proj", "npm run build --workspace src/client"),
        ["npm run build --workspace src/dashboard"] = ("src/pages.proj", "npm run build --workspace src/dashboard"),
        ["npm test"] = ("dev.cs", "(\"Client\", \"src/client\", \"vitest.config.ts\")"),
        ["npm run test:browser"] = ("dev.cs", "(\"Client in a browser\", \"src/client\", \"browser/vitest.config.ts\")"),
    };

    private static readonly string[] Parts =
    [
        "dotnet dev.cs test Sessions",
        "dotnet dev.cs test Client",
        "dotnet dev.cs test Faults",
        "dotnet test tests/Serverless.Tables.Tests -c Debug --filter TransactionBudgetTests",
        "SOAK_SECONDS=1200 FAULTS_LOG=soak.log dotnet test tests/Faults.Tests -c Release --filter SoakTests",
    ];

    private const string Example = "src/client/browser/example.nightly.test.ts: the block as it is, in a copy of the client, and in Chromium.";

    private static readonly Dictionary<string, string> DoneElsewhere = new()
    {
        ["dotnet dev.cs up"] = "UpTests: as a newcomer types it.",
        ["dotnet dev.cs up --redis"] = "UpTests: with the redis-server of the machine.",
        ["dotnet run --project src/Serverless.Documents"] = "GeneratedFileTests: what it would write is what is there.",
        ["dotnet dev.cs publish"] = "PublishTests: what it packs and what it refuses. The build itself runs in the workflow.",
        ["dotnet dev.cs import FILE"] = "ImportCommandTests: src/import.cs, which it starts.",
        ["dotnet dev.cs test --all"] = "Runs every night (.github/workflows/nightly.yml).",
        ["npm pack --workspace src/client --pack-destination src/client/example"] = Example,
        ["cd src/client/example"] = Example,
        ["npm install"] = Example,
        ["npm run api &"] = Example,
        ["npm run dev"] = Example,
        ["npm run pictures"] = "Renews files of the working copy, by tests with `picture` in their names, which run every night.",
        ["dotnet dev.cs bench"] = "Measures for minutes, and its budgets of time don't hold on a machine that does anything else.",
    };

    private static readonly Dictionary<string, string> RunHere = new()
    { ["dotnet dev.cs help"] = "Usage: dotnet dev.cs <command>", ["echo whsec_$(openssl rand -base64 32)"] = "whsec_" };

    /// <summary>What needs Azure isn't run, since there is no subscription to run it in (docs/operations.md). The options that each may
    /// have here are in the references of azd and the Azure CLI.</summary>
    private static readonly Dictionary<string, string[]> AzureCommands = new()
    {
        ["azd auth login"] = [],
        ["azd env new"] = [],
        ["azd env set"] = [],
        ["azd up"] = [],
        ["azd deploy api"] = ["--from-package"],
        ["az login"] = [],
        ["az deployment sub what-if"] = ["--location", "--parameters"],
        ["az deployment sub create"] = ["--name", "--location", "--parameters", "--query"],
        ["az functionapp deployment source config-zip"] = ["--resource-group", "--name", "--src"],
        ["az group show"] = ["--name", "--query", "--output"],
        ["az role assignment create"] = ["--role", "--assignee", "--scope"],
        ["az role assignment delete"] = ["--role", "--assignee", "--scope"],
        ["az keyvault secret set"] = ["--vault-name", "--name", "--file", "--output"],
        ["az keyvault recover"] = [],
        ["az storage account failover"] = [],
        ["az consumption budget create-with-rg"] = [],
    };

    private static readonly List<DocumentedCommand> Commands =
        [.. DocumentedCommands.Pages.SelectMany(page => DocumentedCommands.Find(page, DocumentedCommands.Read(page)))];

    private static readonly HashSet<string> Listed = [.. DoneByCi.Keys, .. Parts, .. DoneElsewhere.Keys, .. RunHere.Keys];

    [Fact]
    public void Every_block_says_what_it_is() => Assert.Empty(
        from page in DocumentedCommands.Pages
        from mark in DocumentedCommands.Marks(DocumentedCommands.Read(page))
        where mark is not ("sh" or "sh needs-azure" or "sh needs-core-tools" or "text" or "ts" or "tsx" or "json" or "bicep" or "yaml" or "csharp" or "js" or "html" or "mermaid")
        select $"{page}: ```{mark}");

    [Fact]
    public void Every_command_is_accounted_for_or_says_what_it_needs()
    {
        var ofReadme = ReadmeScript.Parse(DocumentedCommands.Read("README.md")).Select(command => command.Text).ToHashSet();

        Assert.Empty(
            from command in Commands
            where command.Needs is null && !Listed.Contains(command.Text)
                && !(command.Page == "README.md" && ofReadme.Contains(command.Text))
            select $"{command.Page}: {command.Text}");
    }

    [Fact]
    public void What_does_the_same_in_CI_is_still_there_and_no_command_is_listed_in_vain()
    {
        Assert.All(DoneByCi, command => Assert.Contains(
            command.Value.Words, File.ReadAllText(Path.Combine(RepositoryRoot.Path, command.Value.File)), StringComparison.Ordinal));
        Assert.Empty(Listed.Except(Commands.Select(command => command.Text)));
    }

    [Fact]
    public void A_part_of_the_tests_that_a_command_names_exists()
    {
        var tests = Path.Combine(RepositoryRoot.Path, "tests");
        var suites = Directory.GetDirectories(tests).SelectMany(folder => Directory.GetFiles(folder, "*.Tests.csproj")).Select(Path.GetFileNameWithoutExtension)
            .Concat(NodeSuites().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "dev.cs"))).Select(suite => suite.Groups[1].Value)).ToList();

        Assert.All(Parts, command =>
        {
            if (Suite().Match(command) is { Success: true } suite)
            {
                Assert.Contains(suites, name => name!.Contains(suite.Groups[1].Value, StringComparison.OrdinalIgnoreCase));
            }
            else
            {
                // A class stands in the file of its name.
                var (project, name) = (Filter().Match(command).Groups[1].Value, Filter().Match(command).Groups[2].Value);
                Assert.NotEmpty(Directory.GetFiles(Path.Combine(RepositoryRoot.Path, project), $"{name}.cs", SearchOption.AllDirectories));
            }
        });
    }

    [Fact]
    public void What_needs_Azure_has_the_options_of_its_tool_and_names_files_and_variables_that_are_there()
    {
        var commands = Commands.Select(command => Azure().Match(command.Text).Value).Where(command => command.Length > 0).ToList();
        Assert.All(AzureCommands.Keys, known => Assert.Contains(commands, command => Is(command, known)));
        Assert.All(commands, command =>
        {
            var known = Assert.Single(AzureCommands, each => Is(command, each.Key));
            Assert.Empty(Option().Matches(command).Select(option => option.Value).Except(known.Value));
            if (ParameterFile().Match(command) is { Success: true } file)
                Assert.NotEmpty(DocumentedCommands.Read(file.Value));
            // Which `dotnet dev.cs publish` writes.
            if (Zip().Match(command) is { Success: true } zip)
                Assert.Contains($"\"{zip.Value}\"", DocumentedCommands.Read("dev.cs"), StringComparison.Ordinal);
            if (Variable().Match(command) is { Success: true } variable)
            {
                var parameters = DocumentedCommands.Read("infra/main.bicepparam");
                Assert.Contains($"readEnvironmentVariable('{variable.Groups[1].Value}'", parameters, StringComparison.Ordinal);
            }
        });

        static bool Is(string command, string known) => $"{command} ".StartsWith($"{known} ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Short_commands_show_what_they_are_said_to()
    {
        foreach (var (command, beginning) in RunHere)
        {
            var (code, shown, _) = await Run.ToEndAsync("bash", "--noprofile", "--norc", "-c", command);
            Assert.Equal((command, 0), (command, code));
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

    // Within an assignment, too.
    [GeneratedRegex(@"\bazd? [a-z][^)]*")]
    private static partial Regex Azure();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"\S+\.bicepparam")]
    private static partial Regex ParameterFile();

    [GeneratedRegex(@"\S+\.zip")]
    private static partial Regex Zip();

    [GeneratedRegex("^azd env set ([A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^dotnet dev\.cs test (\w+)$")]
    private static partial Regex Suite();

    [GeneratedRegex(@"dotnet test (\S+) .*--filter (\w+)$")]
    private static partial Regex Filter();

    [GeneratedRegex(@"^ *\(""([^""]+)"", ""[^""]+"", ""[^""]*vitest\.config\.ts""\)", RegexOptions.Multiline)]
    private static partial Regex NodeSuites();
}
