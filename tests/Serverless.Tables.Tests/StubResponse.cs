using System.Diagnostics.CodeAnalysis;
using Azure;

namespace Serverless.Tables.Tests;

/// <summary>Tells the time as all servers do: in whole seconds.</summary>
internal sealed class StubResponse(int status, string body) : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase)
    { ["Date"] = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture) };

    public StubResponse With(string header, string value)
    {
        _headers[header] = value;
        return this;
    }

    public override int Status => status;
    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));
    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);
    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));
}
