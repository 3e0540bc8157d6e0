using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The answer to one change of a transaction.</summary>
internal sealed class TransactionPartResponse(
    int status,
    string reason,
    List<HttpHeader> headers,
    ReadOnlyMemory<byte> body) : Response
{
    private Stream? _content;

    public override int Status => status;

    public override string ReasonPhrase => reason;

    public override bool IsError => status >= 400;

    public override BinaryData Content => new(body);

    public override Stream? ContentStream
    {
        get => _content ??= new MemoryStream(body.ToArray(), writable: false);
        set => _content = value;
    }

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose() => _content?.Dispose();

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryGetHeaderValues(name, out var values) ? string.Join(",", values) : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.FindAll(header => Has(header, name)).ConvertAll(header => header.Value);
        return ContainsHeader(name);
    }

    protected override bool ContainsHeader(string name) => headers.Exists(header => Has(header, name));

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers;

    private static bool Has(HttpHeader header, string name) => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
