namespace EndToEnd.Tests.Hostile;

/// <summary>Damages right requests to the routes of openapi.json; the same number and seed give the same request.</summary>
internal sealed class RequestGenerator(int seed, IReadOnlyList<string> accessTokens, IReadOnlyList<string> refreshTokens)
{
    private static readonly (string Method, string Path)[] Routes =
        [.. ApiDocument.Operations.Select(operation => (operation.Method.ToUpperInvariant(), operation.Path))];

    public HostileRequest Create(int number)
    {
        var random = new Random(HashCode.Combine(seed, number));
        var (method, template) = Routes[random.Next(Routes.Length)];
        var target = "/api" + FillIn(template, random);
        var headers = new List<(string, string)>();
        if (random.Next(4) > 0)
            headers.Add(("Authorization", $"Bearer {accessTokens[random.Next(accessTokens.Count)]}"));
        var body = method is "POST" or "PATCH" ? Bodies.Valid(template, random, refreshTokens) : null;
        if (body is not null)
            headers.Add(("Content-Type", "application/json"));

        var request = new HostileRequest(method, target, headers, body is null ? null : Encoding.UTF8.GetBytes(body));
        for (var mutations = random.Next(1, 4); mutations > 0; mutations--)
            request = Mutate(request, random);
        return request;
    }

    private static string FillIn(string template, Random random) => string.Join('/', template.Split('/').Select(segment =>
        segment.StartsWith('{') ? Uri.EscapeDataString(Texts.Any(random)) : segment));

    private static HostileRequest Mutate(HostileRequest request, Random random) => random.Next(9) switch
    {
        0 => request with { Target = request.Target + Texts.Query(random) },
        1 => request with { Target = Texts.Damage(request.Target, random) },
        2 => request with { Headers = [.. request.Headers, Texts.Header(random)] },
        3 => request with { Headers = [.. request.Headers.Select(header => (header.Name, Value: Texts.Damage(header.Value, random)))] },
        4 => request with { Method = random.GetItems(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"], 1)[0] },
        5 => request with { Body = Encoding.UTF8.GetBytes(Bodies.Torture(random)) },
        6 when request.Body is not null => request with { Body = Encoding.UTF8.GetBytes(Bodies.WithTorture(Encoding.UTF8.GetString(request.Body), random)) },
        7 when request.Body is { Length: > 0 } body => request with { Body = Bodies.Damage(body, random) },
        _ => request with { Headers = [.. request.Headers.Where(_ => random.Next(2) == 0)] },
    };
}
