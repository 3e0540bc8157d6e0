using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Redis;
using Serverless.Tables;

namespace Serverless.Functions.Tests;

/// <summary>Rules that the compiler doesn't know.</summary>
public sealed partial class HouseRulesTests
{
    private static readonly Assembly Sessions = typeof(Session).Assembly;
    private static readonly Assembly Tables = typeof(TableServices).Assembly;
    private static readonly Assembly Redis = typeof(RedisServices).Assembly;
    private static readonly Assembly Functions = typeof(NetworkOptions).Assembly;

    internal static IReadOnlyList<(string File, string Text)> AllCode { get; } =
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
           let relative = Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/')
           where !relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal)
           select (relative, File.ReadAllText(file)),
    ];

    internal static IReadOnlyList<(string File, string Text)> ProductCode { get; } =
        [.. AllCode.Where(code => Regex.IsMatch(code.File, @"^src/Serverless\.(Sessions|Tables|Redis|Functions)/"))];

    internal static IReadOnlyList<(string Name, Attribute? Trigger)> AllFunctions { get; } =
    [
        .. from type in Functions.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let attributes = method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes())
           select (function.Name, attributes.FirstOrDefault(each => each is HttpTriggerAttribute or TimerTriggerAttribute)),
    ];

    [Fact]
    public void Dependencies_point_one_way()
    {
        Assert.DoesNotContain(ReferencesOf(Sessions), name => name.StartsWith("Serverless.", StringComparison.Ordinal));
        Assert.DoesNotContain(ReferencesOf(Tables), name => name is "Serverless.Functions" or "Serverless.Redis");
        Assert.DoesNotContain(ReferencesOf(Redis), name => name is "Serverless.Functions" or "Serverless.Tables");
    }

    [Fact]
    public void The_rules_know_no_Azure_and_no_HTTP() => Assert.DoesNotContain(
        ReferencesOf(Sessions),
        name => name.StartsWith("Azure.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Azure.", StringComparison.Ordinal)
            || name.StartsWith("System.Net.Http", StringComparison.Ordinal));

    [Fact]
    public void The_stores_know_no_functions_host() => Assert.DoesNotContain(
        ReferencesOf(Tables), name => name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));

    [Fact]
    public void Only_Program_names_the_stores() => Assert.Equal(
        ["src/Serverless.Functions/Program.cs"],
        ProductCode
            .Where(code => code.File.StartsWith("src/Serverless.Functions/", StringComparison.Ordinal)
                && Regex.IsMatch(code.Text, @"Serverless\.(Tables|Redis)\b"))
            .Select(code => code.File));

    [Fact]
    public void A_loop_without_an_end_of_its_own_is_bound_by_Retries() => Assert.Empty(
        ProductCode.Where(code => EndlessLoop().IsMatch(code.Text) && !code.Text.Contains("new Retries(", StringComparison.Ordinal)).Select(code => code.File));

    [Fact]
    public void Only_what_has_a_time_limit_of_its_own_heeds_no_caller() => Assert.Equal(
        ["src/Serverless.Functions/Outbox/SendAtOnce.cs", "src/Serverless.Sessions/Storage/Detached.cs", "src/Serverless.Tables/Storage/TimedCredential.cs"],
        ProductCode.Where(code => code.Text.Contains("CancellationToken.None", StringComparison.Ordinal)).Select(code => code.File).Order());

    [Fact]
    public void Options_are_filled_and_checked_in_one_place() => Assert.Empty(
        ProductCode.Where(code => OwnBinding().IsMatch(code.Text)).Select(code => code.File));

    [Fact]
    public void Classes_are_sealed_or_abstract_or_static() => Assert.Empty(
        from assembly in new[] { Sessions, Tables, Redis, Functions }
        from type in assembly.GetTypes()
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !type.Name.Contains('<', StringComparison.Ordinal)
            && type.Namespace?.StartsWith("Serverless.", StringComparison.Ordinal) == true
            && type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
            // The worker's SDK generates some.
            && ProductCode.Any(code => code.Text.Contains($"class {type.Name}", StringComparison.Ordinal))
        select type.FullName);

    [Fact]
    public void A_route_that_takes_everything_belongs_to_the_function_with_the_last_name() => Assert.Equal(
        [AllFunctions.MaxBy(function => function.Name.ToUpperInvariant()).Name],
        from function in AllFunctions
        where function.Trigger is HttpTriggerAttribute { Route: ['{', '*', ..] }
        select function.Name);

    [Fact]
    public void The_Functions_host_lets_the_information_of_each_function_through_and_knows_each_that_host_json_names()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "host.json")));
        var logged = host.RootElement.GetProperty("logging").GetProperty("logLevel").EnumerateObject()
            .Where(level => level.Name.EndsWith(".User", StringComparison.Ordinal) && level.Value.GetString() == "Information")
            .Select(level => level.Name).ToList();
        var events = from code in ProductCode from informing in Informing().Matches(code.Text) select informing.Groups[1].Value;
        var informs = new Regex($@"\blog(ger)?\.({string.Join('|', events)})\(|\bloginReply\.");
        var written = ProductCode.SelectMany(code => FunctionTexts().Matches(code.Text))
            .Select(text => (Name: text.Groups[1].Value, Text: text.Groups[2].Value)).ToList();
        // Its name is a constant; it logs nothing.
        var names = AllFunctions.Select(function => function.Name).Where(name => name != HealthProbes.Live);
        Assert.Equal(names.Order(), written.Select(function => function.Name).Order());
        Assert.Empty(written.Where(function => informs.IsMatch(function.Text)).Select(function => Category(function.Name)).Except(logged));
        Assert.Empty(logged.Except(AllFunctions.Select(function => Category(function.Name))));

        static string Category(string function) => $"Function.{function}.User";
    }

    [Fact]
    public void Lines_are_at_most_140_columns_long() => Assert.Empty(
        from code in AllCode
        from line in code.Text.Split('\n').Index()
        where line.Item.Length > 140
        select $"{code.File}:{line.Index + 1}");

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    [GeneratedRegex(@"while \(true\)|for \([^;]*; *;|^\s*do\s*$", RegexOptions.Multiline)]
    private static partial Regex EndlessLoop();

    [GeneratedRegex(@"LogLevel\.Information,[^\]]*\]\s.* void (\w+)\(")]
    private static partial Regex Informing();

    // Up to the next function of the file.
    [GeneratedRegex(@"\[Function\((?:nameof\(|"")(\w+)(?:\)|"")\)\](.*?)(?=\[Function\(|\z)", RegexOptions.Singleline)]
    private static partial Regex FunctionTexts();

    [GeneratedRegex(@"\.(BindConfiguration|ValidateDataAnnotations|Bind|Get<\w+Options>)\(|\.Configure<\w+>\(\w*[cC]onfiguration")]
    private static partial Regex OwnBinding();
}
