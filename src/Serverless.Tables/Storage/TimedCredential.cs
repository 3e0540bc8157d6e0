using Azure.Core;
using Azure.Identity;
using Serverless.Sessions.Storage;

namespace Serverless.Tables.Storage;

/// <summary>
/// Limits how long a call waits for a token, which the pipeline's own timeout doesn't: Azure.Identity retries for a minute and
/// more. The acquisition goes on meanwhile, so that a slow token is there for the next call.
/// </summary>
internal sealed class TimedCredential(TokenCredential credential, TimeSpan limit) : TokenCredential
{
    // One caller acquires the token that all others wait for, so its hanging up must not cancel it.
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
