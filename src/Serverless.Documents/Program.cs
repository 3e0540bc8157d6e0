using Serverless.Documents;

if (args is ["mails", var folder])
{
    await MailPages.WriteAsync(folder);
    return;
}

var root = args is [var given] ? given : Directory.GetCurrentDirectory();
foreach (var file in GeneratedFile.All)
{
    var path = Path.Combine(root, file.Path);
    var current = await File.ReadAllTextAsync(path);
    var text = file.Write(current);
    if (text != current)
        await File.WriteAllTextAsync(path, text);
    Console.WriteLine($"{file.Path}: {(text == current ? "unchanged" : "written")}");
}
