using System.Diagnostics;

namespace EndToEnd.Tests.Commands;

/// <summary>No suite has the name that is asked for, so <c>dev.cs</c> ends after it has said which host it takes.</summary>
[Trait("Run", "nightly")]
public sealed class HostChoiceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-func-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("4.6.0", null, "Host: Azure Functions Core Tools 4.6.0 (")]
    [InlineData("4.6.0", "func", "Host: Azure Functions Core Tools 4.6.0 (")]
    [InlineData("4.6.0", "local", "Host: src/Serverless.LocalHost (as asked)")]
    [InlineData("3.0.5", null, "Host: src/Serverless.LocalHost (func is version '3.0.5', and 4 is needed)")]
    [InlineData("3.0.5", "func", "Azure Functions Core Tools can't run the app: func is version '3.0.5', and 4 is needed.")]
    [InlineData(null, null, "Host: src/Serverless.LocalHost (func is not on PATH)")]
    [InlineData(null, "func", "Azure Functions Core Tools can't run the app: func is not on PATH.")]
    [InlineData(null, "docker", "Argument 'docker' not recognized. Must be one of:")]
    public async Task Core_Tools_of_version_4_are_taken_where_they_are_on_PATH_unless_a_host_is_named(string? version, string? host, string says)
    {
        var func = Path.Combine(_folder.FullName, "func");
        if (version is not null)
        {
            await File.WriteAllTextAsync(func, $"#!/bin/sh\necho {version}\n");
            await Run.ToEndAsync("chmod", "+x", func);
        }

        string[] option = host is null ? [] : ["--host", host];
        var start = new ProcessStartInfo("dotnet", ["dev.cs", "test", "no-such-suite", .. option]);
        var others = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(folder => !File.Exists(Path.Combine(folder, "func")));
        start.Environment["PATH"] = string.Join(Path.PathSeparator, others.Prepend(_folder.FullName));
        var (code, output, errors) = await Run.ToEndAsync(start);

        Assert.NotEqual(0, code);
        Assert.Contains(says, output + errors, StringComparison.Ordinal);
    }
}
