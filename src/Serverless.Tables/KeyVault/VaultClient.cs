using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Serverless.Sessions;
using Serverless.Tables.Storage;

namespace Serverless.Tables.KeyVault;

/// <summary>Reads and sets one secret of an Azure Key Vault, on Azure.Core's pipeline.</summary>
internal sealed class VaultClient(HttpPipeline pipeline, Uri vault, string secretName)
{
    private const string Scope = "https://vault.azure.net/.default";
    private const string ApiVersion = "7.4";

    /// <summary>A pipeline that authenticates and tries again what may pass.</summary>
    public static HttpPipeline CreatePipeline(TokenCredential credential, VaultClientOptions options) =>
        HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, Scope));

    /// <summary>The current version and the vault's own time, or null where there is no such secret.</summary>
    public async Task<(VaultSecret Secret, DateTimeOffset Time)?> GetAsync(CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Get);
        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return response.Status switch
        {
            200 => (Read(response), response.Headers.Date ?? throw Outage(response, null)),
            404 when ErrorOf(response) == "SecretNotFound" => null,
            _ => throw Outage(response, null),
        };
    }

    /// <summary>Sets a new version, whatever there was.</summary>
    /// <returns>The version.</returns>
    public async Task<string> SetAsync(string value, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Put);
        message.Request.Headers.Add(HttpHeader.Common.JsonContentType);
        message.Request.Content = RequestContent.Create(
            JsonSerializer.SerializeToUtf8Bytes(new SetSecretBody(value, "application/json"), VaultJson.Default.SetSecretBody));
        var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return response.Status == 200 ? Read(response).Version : throw Outage(response, null);
    }

    private HttpMessage CreateMessage(RequestMethod method)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(vault, $"/secrets/{secretName}?api-version={ApiVersion}"));
        message.Request.Headers.Add("Accept", "application/json");
        return message;
    }

    private async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return message.Response;
        }
        catch (Exception exception) when (
            exception is RequestFailedException or AuthenticationFailedException or AggregateException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StorageUnavailableException($"The key vault can't be used right now: {OutageCause.Of(exception)}", exception);
        }
    }

    private static VaultSecret Read(Response response)
    {
        try
        {
            return JsonSerializer.Deserialize(response.Content.ToMemory().Span, VaultJson.Default.VaultSecret)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw Outage(response, exception);
        }
    }

    // Only for the code: the message of an error may repeat what was sent.
    private static string? ErrorOf(Response response)
    {
        try
        {
            return JsonSerializer.Deserialize(response.Content.ToMemory().Span, VaultJson.Default.VaultErrorBody)?.Error?.Code;
        }
        catch (JsonException)
        {
            // Something before the vault answered, in a language of its own: there is no code.
            return null;
        }
    }

    private static StorageUnavailableException Outage(Response response, Exception? cause) =>
        new($"The key vault can't be used right now: {response.Status} {ErrorOf(response)}".TrimEnd(), cause);
}

/// <summary>How the vault is asked: it is no part of a request's way, so it gets time, but none without end.</summary>
internal sealed class VaultClientOptions : ClientOptions
{
    public VaultClientOptions()
    {
        Retry.Mode = RetryMode.Exponential;
        Retry.MaxRetries = 3;
        Retry.Delay = TimeSpan.FromMilliseconds(200);
        Retry.MaxDelay = TimeSpan.FromSeconds(1);
        Retry.NetworkTimeout = TimeSpan.FromSeconds(4);
        // The answers hold the keys.
        Diagnostics.IsLoggingEnabled = false;
    }
}
