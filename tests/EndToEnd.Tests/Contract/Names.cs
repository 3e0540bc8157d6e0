using System.Text.Json;
using Serverless.Testing;

namespace EndToEnd.Tests.Contract;

/// <summary>
/// The names that clients rely on. Contract/contract.json holds them; the tests of the functions compare it with the code, and
/// the tests here compare it with what they ask for, so that nothing new goes without a case.
/// </summary>
internal static class Names
{
    private static readonly JsonElement Contract = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(RepositoryRoot.Path, "tests", "EndToEnd.Tests", "Contract", "contract.json"))).RootElement;

    /// <summary>Method and template of every route.</summary>
    public static IReadOnlyList<string> Routes => Texts("routes");

    /// <summary>Every problem's code with its status.</summary>
    public static IReadOnlyDictionary<string, int> Problems =>
        Contract.GetProperty("problems").EnumerateObject().ToDictionary(problem => problem.Name, problem => problem.Value.GetInt32());

    /// <summary>Every reason for which a session ends.</summary>
    public static IReadOnlyList<string> Reasons => Texts("reasons");

    private static List<string> Texts(string name) => [.. Contract.GetProperty(name).EnumerateArray().Select(each => each.GetString()!)];
}
