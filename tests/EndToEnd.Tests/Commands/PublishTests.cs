using System.IO.Compression;

namespace EndToEnd.Tests.Commands;

/// <summary>At night: the first run compiles the program.</summary>
[Trait("Run", "nightly")]
public sealed class PublishTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-publish-");

    /// <summary>What the worker's SDK leaves of an app like this one.</summary>
    private static readonly string[] Payload =
    [
        ".azurefunctions/Microsoft.Azure.WebJobs.Host.Storage.dll", ".azurefunctions/function.deps.json", "Azure.Data.Tables.dll",
        "Microsoft.Azure.Functions.Worker.dll", "Serverless.Functions", "Serverless.Functions.deps.json", "Serverless.Functions.dll",
        "Serverless.Functions.runtimeconfig.json", "Serverless.Sessions.dll", "Serverless.Tables.dll", "extensions.json",
        "functions.metadata", "host.json", "libsodium.so", "locations.mmdb", "worker.config.json",
    ];

    private const string Assemblies = """
        {
          "targets": {
            ".NETCoreApp,Version=v10.0": {},
            ".NETCoreApp,Version=v10.0/linux-x64": {
              "Serverless.Functions/1.0.0": { "dependencies": {}, "runtime": { "Serverless.Functions.dll": {} } },
              "Serverless.Sessions/1.0.0": { "runtime": { "Serverless.Sessions.dll": {} } },
              "Azure.Data.Tables/12.13.0": { "runtime": { "lib/net8.0/Azure.Data.Tables.dll": {} } },
              "libsodium/1.0.22": { "native": { "runtimes/linux-x64/native/libsodium.so": { "fileVersion": "0.0.0.0" } } },
              "Microsoft.Azure.Functions.Worker.Sdk/2.1.0": {}
            }
          }
        }
        """;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_same_files_make_the_same_zip_of_all_of_them_in_order_with_the_rights_that_they_need()
    {
        Write(Payload);
        var (first, second) = (await PackAsync(PublishAsync), await PackAsync(PackageAsync));
        Assert.Equal(first, second);
        using var zip = new ZipArchive(new MemoryStream(first));
        Assert.Equal(Payload, zip.Entries.Select(entry => entry.FullName));
        Assert.Single(zip.Entries.Select(entry => entry.LastWriteTime).Distinct());
        Assert.All(zip.Entries, entry => Assert.Equal(
            entry.FullName == "Serverless.Functions" ? "100755" : "100644", Convert.ToString(entry.ExternalAttributes >>> 16, 8)));
    }

    [Fact]
    public async Task Every_file_that_is_missing_or_does_not_belong_there_is_named_and_nothing_is_packed()
    {
        string[] strangers =
        [
            "local.settings.json", ".azurefunctions/local.settings.json", "Serverless.Functions.pdb", "Serverless.Functions.xml",
            "Serverless.Functions.Tests.dll",
        ];
        string[] missing = ["host.json", "functions.metadata", "Serverless.Functions", "Azure.Data.Tables.dll", "Serverless.Sessions.dll", "libsodium.so"];
        Write([.. Payload.Except(missing), .. strangers]);

        var (code, said) = await PackageAsync();

        Assert.Equal(1, code);
        Assert.Equal(
            missing.Select(file => $"{file} is missing.").Concat(strangers.Select(file => $"{file} doesn't belong there.")).Order(),
            said.Split("\n\n")[0].Split('\n').Order());
        Assert.False(File.Exists(Zip));
    }

    [Fact]
    public async Task Without_the_hidden_folder_of_the_hosts_extensions_nothing_is_packed()
    {
        Write(Payload.Where(file => file[0] != '.'));
        var (code, said) = await PackageAsync();
        Assert.Equal((1, ".azurefunctions/function.deps.json is missing."), (code, said.Split("\n\n")[0]));
    }

    private string App => Path.Combine(_folder.FullName, "app");
    private string Zip => Path.Combine(_folder.FullName, "app.zip");

    private void Write(IEnumerable<string> files)
    {
        foreach (var file in files.Select(file => Path.Combine(App, file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var name = Path.GetFileName(file);
            File.WriteAllText(file, name == "Serverless.Functions.deps.json" ? Assemblies : $"This is {name}.");
        }
    }

    private async Task<byte[]> PackAsync(Func<Task<(int Code, string Errors)>> packAsync)
    {
        var (code, said) = await packAsync();
        Assert.True(code == 0, said);
        return await File.ReadAllBytesAsync(Zip);
    }

    private Task<(int Code, string Errors)> PublishAsync() => RunAsync("dev.cs", "publish", "--from", App, "--output", Zip);

    // What the command runs at its end.
    private Task<(int Code, string Errors)> PackageAsync() => RunAsync("src/package.cs", App, Zip);

    private static async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        var (code, _, errors) = await Run.ToEndAsync("dotnet", arguments);
        return (code, errors);
    }
}
