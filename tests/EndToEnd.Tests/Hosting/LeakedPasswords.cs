namespace EndToEnd.Tests.Hosting;

/// <summary>A list of leaked passwords, with one.</summary>
internal static class LeakedPasswords
{
    public const string Leaked = "a leaked horse battery staple";
    private const string Sha1 = "7946AE7D69C0BBB84FE90350E20B3B58F9BA66DF";

    private static readonly Lazy<string> Written = new(() =>
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("serverless-leaked-").FullName, "list.txt");
        System.IO.File.WriteAllText(file, $"{Sha1}:7\r\n");
        return file;
    });

    public static string File => Written.Value;
}
