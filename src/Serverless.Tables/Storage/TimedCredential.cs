using AccessToken = Azure.Core.AccessToken;
using Azure.Identity;

namespace Serverless.Tables.Storage;

/// <summary>Limits how long a call waits for a token, because the pipeline's timeout doesn't, and Azure.Identity retries for more
/// than a minute. The acquisition continues, so that a slow token is there for the next call.</summary>
internal sealed class TimedCredential(TokenCredential credential, TimeSpan limit) : TokenCredential
{
    // All callers wait for one acquisition, so it isn't cancelled with the caller that began it.
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await Detached.Start(TimeProvider.System, end => credential.GetTokenAsync(requestContext, end).AsTask())
                .WaitAsync(limit, CancellationToken.None);
        }
        catch (TimeoutException exception)
        {
            // A failure that the pipeline doesn't retry.
            throw new AuthenticationFailedException("Azure took too long to issue a token.", exception);
        }
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Azure is used asynchronously.");
}
