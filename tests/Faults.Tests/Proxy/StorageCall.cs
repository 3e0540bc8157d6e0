namespace Faults.Tests.Proxy;

/// <param name="Signature">Method, table and kind of rows, without anything that differs from run to run.</param>
public sealed partial record StorageCall(string Prefix, string Signature, IReadOnlyList<string> Marks, string? Epoch)
{
    public static StorageCall Of(string method, string target, byte[] body)
    {
        var url = Uri.UnescapeDataString(target);
        var text = Uri.UnescapeDataString(Encoding.UTF8.GetString(body));
        var prefix = TableNames().Match(url + text).Groups["prefix"].Value;
        var marks = Ids().Matches(url + text).Select(match => match.Value).Distinct().ToList();
        return new(prefix, SignatureOf(method, url, text), marks, FieldOf(text, "Epoch"));
    }

    private static string SignatureOf(string method, string url, string body)
    {
        if (url.EndsWith("/$batch", StringComparison.Ordinal))
            return "batch " + string.Join(", ", Actions().Matches(body).Select(DescribeAction).GroupBy(action => action).Select(group => group.Key));
        if (url.EndsWith("/Tables", StringComparison.Ordinal))
            return $"{method} table";
        if (Addresses().Match(url) is { Success: true } row)
            return $"{method} {row.Groups["table"]} {KindOf(row.Groups["partition"].Value, row.Groups["row"].Value)}";
        var table = TableNames().Match(url).Groups["table"].Value;
        return method == "POST"
            ? $"POST {table} {KindIn(body)}"
            : $"query {table} {Values().Replace(Filters().Match(url).Groups[1].Value, value => $"'{ShapeOf(value.Groups[1].Value)}'")}";
    }

    private static string DescribeAction(Match action) => Addresses().Match(action.Groups["url"].Value) is { Success: true } row
        ? $"{action.Groups["method"]} {KindOf(row.Groups["partition"].Value, row.Groups["row"].Value)}"
        : $"{action.Groups["method"]} {KindIn(action.Groups["body"].Value)}";

    private static string KindIn(string json) => KindOf(FieldOf(json, "PartitionKey") ?? "", FieldOf(json, "RowKey") ?? "");

    private static string? FieldOf(string json, string name) =>
        Regex.Match(json, $"\"{name}\":\"([^\"]*)\"") is { Success: true } match ? match.Groups[1].Value : null;

    // Timeline has its kinds in the partition key, the others in the row key; Security has names.
    private static string KindOf(string partition, string row) =>
        ShapeOf(partition) is { Length: > 0 } kind ? kind : ShapeOf(row) is { Length: > 0 } other ? other : partition;

    private static string ShapeOf(string key) => key is [_, ':' or ';', ..] ? key[..2] : key is ['u', 'x', ':', ..] ? key[..3] : key is "ip" or "cursor" or "ring" ? key : "";

    [GeneratedRegex("(?<prefix>F[0-9a-f]{8})(?<table>Accounts|Sessions|Timeline|Security|Statistics)")]
    private static partial Regex TableNames();

    [GeneratedRegex("(?<table>Accounts|Sessions|Timeline|Security|Statistics)\\(PartitionKey='(?<partition>[^']*)',RowKey='(?<row>[^']*)'\\)")]
    private static partial Regex Addresses();

    [GeneratedRegex("^(?<method>PATCH|MERGE|PUT|POST|DELETE) (?<url>http\\S+) HTTP/1.1\\r?\\n(?<body>(?:(?!--changeset_|--batch_)[^\\n]*\\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Actions();

    [GeneratedRegex("filter=([^&]*)")]
    private static partial Regex Filters();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Values();

    // User ids, account keys and session ids, and addresses that one case alone flags.
    [GeneratedRegex(@"(?<![0-9A-Za-z])(?:[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32}|198\.18\.[0-9]+\.[0-9]+)(?![0-9A-Za-z])")]
    private static partial Regex Ids();
}

/// <summary>A call to storage by kind and occurrence: parallel calls have no order that could number them.</summary>
public readonly record struct CallSite(string Signature, int Occurrence)
{
    public override string ToString() => Occurrence == 1 ? Signature : $"{Signature} #{Occurrence}";
}
