using System.Text;

namespace Serverless.Functions.Passwords;

/// <summary>Asks a range API in the manner of Have I Been Pwned (https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange): five
/// hexadecimal digits of a password's SHA-1 go out, the rest of each leaked hash with these digits comes back, with its count, among
/// padding whose count is 0.</summary>
internal sealed class BreachedRange(IOptions<PasswordOptions> options) : IBreachedPasswords, IDisposable
{
    private const int PrefixLength = 5;

    private readonly Uri _list = new($"{options.Value.BreachedList.TrimEnd('/')}/");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !new Uri(options.Value.BreachedList).IsLoopback,
        AutomaticDecompression = DecompressionMethods.GZip,
        // Picks up DNS changes.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        // A user is waiting.
        Timeout = TimeSpan.FromSeconds(2),
        // A response has some 1,000 lines of 40 bytes.
        MaxResponseContentBufferSize = 256 * 1024,
        DefaultRequestHeaders = { { "Add-Padding", "true" }, { "User-Agent", "serverless-sessions" } },
    };

    public void Dispose() => _http.Dispose();

    public async Task<bool> ContainsAsync(Password password, CancellationToken cancellationToken)
    {
        var hash = BreachedHash.Of(password);
        try
        {
            using var response = await _http.GetAsync(new Uri(_list, hash[..PrefixLength]), cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new BreachedListUnavailableException($"the range API answered {(int)response.StatusCode}");
            // Whatever its charset, what is looked for is ASCII.
            var text = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                if (line.StartsWith(hash.AsSpan(PrefixLength), StringComparison.OrdinalIgnoreCase))
                    return BreachedHash.IsCounted(line[(hash.Length - PrefixLength)..]);
            }

            return false;
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidDataException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BreachedListUnavailableException("the range API can't be reached", exception);
        }
    }
}
