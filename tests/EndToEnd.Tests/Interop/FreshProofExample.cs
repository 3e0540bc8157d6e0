namespace EndToEnd.Tests.Interop;

/// <summary>The examples of a fresh proof in docs/api.md: <see cref="AspNetService"/> contains one, and verify.mjs reads the other.</summary>
internal static partial class FreshProofExample
{
    public static string Document { get; } = Path.Combine(RepositoryRoot.Path, "docs/api.md");

    /// <summary>That of ASP.NET Core, with the indentation of a method's body.</summary>
    public static string OfAspNet { get; } = string.Join('\n', CSharp()
        .Match(File.ReadAllText(Document).ReplaceLineEndings("\n")).Groups["code"].Value.TrimEnd().Split('\n').Select(line => $"        {line}"));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}

/// <summary>The answer to what needs a fresh proof.</summary>
internal sealed record Payment(int Status, string? Challenge, string Body);
