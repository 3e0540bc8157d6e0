using Microsoft.Azure.Functions.Worker;
using Serverless.Testing;

namespace Local.Functions.Tests;

public sealed class PublicSurfaceTests
{
    /// <summary>A stand-in may only have what the official package has, in exactly that form. Compare a change with the
    /// official package before it is accepted into the file.</summary>
    [Fact]
    public void The_public_surface_is_the_one_that_was_compared_with_the_official_package() => Assert.Equal(
        File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests", "Local.Functions.Tests", "PublicSurface.txt")),
        PublicSurface.Of(typeof(FunctionContext).Assembly));
}
