#:property PublishAot=false

// Packs a published app into the zip that Azure Functions runs from: dotnet src/package.cs FOLDER ZIP

using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

const string Executable = "Serverless.Functions";

// Besides the assemblies. One is of the host's extensions: many tools leave out a folder whose name begins with a dot.
string[] needed =
[
    "host.json", "worker.config.json", "functions.metadata", "extensions.json", Executable, $"{Executable}.runtimeconfig.json",
    ".azurefunctions/function.deps.json", "locations.mmdb",
];

// Settings of a machine, and what only makes a start longer.
string[] unwanted = ["local.settings.json", ".pdb", ".xml", ".Tests.dll"];

var (folder, output) = (args[0], args[1]);
try
{
    string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    // What the app loads at run time: its own assemblies and those of its packages, and their native libraries.
    string[] kinds = ["runtime", "native"];
    var libraries =
        from target in JsonNode.Parse(File.ReadAllText($"{folder}/{Executable}.deps.json"))!["targets"]!.AsObject()
        from package in target.Value!.AsObject()
        from kind in kinds
        from library in package.Value![kind]?.AsObject() ?? []
        select Path.GetFileName(library.Key);
    string[] faults =
    [
        .. needed.Concat(libraries).Except(files).Select(file => $"{file} is missing."),
        .. files.Where(file => unwanted.Any(end => file.EndsWith(end, StringComparison.Ordinal)))
            .Select(file => $"{file} doesn't belong there."),
    ];
    if (faults is not [])
    {
        Console.Error.WriteLine($"{string.Join('\n', faults)}\n\nNothing was packed.");
        return 1;
    }

    // The same files give the same bytes.
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    using (var zip = new ZipArchive(File.Create(output), ZipArchiveMode.Create))
    {
        foreach (var file in files)
        {
            var entry = zip.CreateEntry(file);
            entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            entry.ExternalAttributes = (file == Executable ? 0x81ED : 0x81A4) << 16; // -rwxr-xr-x, -rw-r--r--
            using var content = entry.Open();
            content.Write(File.ReadAllBytes(Path.Combine(folder, file)));
        }
    }

    Console.WriteLine($"{output}: {files.Length} files, {new FileInfo(output).Length / 1024} KB");
    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
