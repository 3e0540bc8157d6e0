using Serverless.Documents;

namespace Serverless.Functions.Tests;

public sealed class GeneratedFileTests
{
    public static TheoryData<string> Paths => [.. GeneratedFile.All.Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_the_code_says_is_what_is_committed(string path)
    {
        var current = File.ReadAllText(Path.Combine(RepositoryRoot.Path, path));
        Assert.True(
            GeneratedFile.All.Single(file => file.Path == path).Write(current) == current,
            $"{path} isn't current: dotnet run --project src/Serverless.Documents");
    }
}
