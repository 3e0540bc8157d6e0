using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>One account's table service: where it is, and the pipeline that requests to it go through.</summary>
internal sealed class TableEndpoint
{
    public const string Json = "application/json;odata=minimalmetadata";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    private TableEndpoint(Uri uri, string accountName, HttpPipelinePolicy authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        Uri = new Uri(uri.GetLeftPart(UriPartial.Path));
        Base = new Uri(Uri.AbsoluteUri.TrimEnd('/') + "/");
        AccountName = accountName;
        _version = options.Version;
        // Authentication belongs to each try: a signature is valid for 15 minutes, a token may expire between two tries.
        _pipeline = HttpPipelineBuilder.Build(new HttpPipelineOptions(options)
        {
            PerRetryPolicies = { authentication },
            ResponseClassifier = new ResponseClassifier(),
            RequestFailedDetailsParser = TableErrorParser.Instance,
        });
    }

    public Uri Uri { get; }

    /// <summary>What paths are appended to; ends with a slash.</summary>
    public Uri Base { get; }

    public string AccountName { get; }

    public static TableEndpoint From(string connectionString, TableClientOptions? options)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return new TableEndpoint(parsed.Endpoint, parsed.AccountName, new SharedKeyPolicy(parsed.Credential), options);
    }

    public static TableEndpoint From(Uri uri, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableEndpoint(uri, AccountOf(uri), new SharedKeyPolicy(credential), options);
    }

    public static TableEndpoint From(Uri uri, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(credential);
        var audience = options?.Audience ?? TableAudience.AzurePublicCloud;
        var authentication = new BearerTokenAuthenticationPolicy(credential, audience.Scope);
        return new TableEndpoint(uri, AccountOf(uri), authentication, options);
    }

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below the endpoint, already encoded.</param>
    /// <param name="classifier">Which answers are no errors, where 404 or 409 isn't one.</param>
    public HttpMessage CreateMessage(RequestMethod method, string path, ResponseClassifier? classifier = null)
    {
        var message = _pipeline.CreateMessage();
        if (classifier is not null)
            message.ResponseClassifier = classifier;
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Base);
        request.Uri.AppendPath(path, escape: false);
        request.Headers.Add("x-ms-version", _version);
        request.Headers.Add("DataServiceVersion", "3.0");
        request.Headers.Add("Accept", Json);
        return message;
    }

    /// <summary>The answer, unless the message's classifier calls it an error.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Response.IsError ? throw new RequestFailedException(message.Response) : message.Response;
    }

    public async Task<Response> CreateTableAsync(string name, bool allowExisting, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Post, "Tables", allowExisting ? Expected.CreatedOrConflict : null);
        var body = new PooledContent();
        message.Request.Content = body;
        message.Request.Headers.Add("Content-Type", "application/json;odata=nometadata");
        if (allowExisting)
            message.Request.Headers.Add("Prefer", "return-no-content");
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("TableName", name);
            writer.WriteEndObject();
        }

        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (response.Status == 409)
        {
            // A table that is being deleted doesn't exist any more, yet can't be made for a while.
            var conflict = new RequestFailedException(response);
            if (conflict.ErrorCode == Models.TableErrorCode.TableBeingDeleted)
                throw conflict;
        }

        return response;
    }

    public async Task<Response> DeleteTableAsync(string name, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Delete, $"Tables('{TablePaths.Encode(name)}')", Expected.DoneOrMissing);
        return await SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private static string AccountOf(Uri uri) =>
        uri.HostNameType == UriHostNameType.Dns && uri.Host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? uri.Host[..dot]
            : uri.AbsolutePath.Trim('/').Split('/')[0]; // An emulator: http://127.0.0.1:10002/account

    /// <summary>Answers that are expected although HTTP calls them errors.</summary>
    internal static class Expected
    {
        public static readonly ResponseClassifier FoundOrMissing = new StatusCodeClassifier([200, 404]);
        public static readonly ResponseClassifier DoneOrMissing = new StatusCodeClassifier([204, 404]);
        public static readonly ResponseClassifier CreatedOrConflict = new StatusCodeClassifier([201, 204, 409]);
    }
}
