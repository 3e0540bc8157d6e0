using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Enforces the <see cref="OperationAttribute.Access"/> of every function, so that none can forget the check.</summary>
internal sealed class AuthorizationMiddleware(Callers callers) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (RouteTable.OfThisApp.Find(context.FunctionDefinition.Name) is { Access: Access.Session or Access.AccessToken } route)
        {
            var request = await context.GetHttpRequestDataAsync() ?? throw new InvalidOperationException("An HTTP trigger without a request.");
            var token = await callers.AuthenticateAsync(request, context.CancellationToken);
            var session = route.Access == Access.Session ? await callers.CheckSessionAsync(token, context.CancellationToken) : null;
            // The roles of the session, not of the token: a removed role is gone at once.
            if (route.IsForAdministrators && session?.Roles.Contains(Roles.Admin) != true)
                throw new ProblemException(Problem.NoAdministrator());
            context.Features.Set(new Caller(token, session));
        }

        await next(context);
    }
}

internal sealed record Caller(AccessToken Token, Session? Session);

/// <summary>The caller that <see cref="AuthorizationMiddleware"/> authenticated.</summary>
internal static class AuthorizedRequests
{
    /// <summary>The access token, if the function has <see cref="Access.Session"/> or <see cref="Access.AccessToken"/>.</summary>
    public static AccessToken Token(this HttpRequestData request) => request.Caller().Token;

    /// <summary>The session, if the function has <see cref="Access.Session"/>.</summary>
    public static Session Session(this HttpRequestData request) =>
        request.Caller().Session ?? throw new InvalidOperationException("The function doesn't require a session.");

    private static Caller Caller(this HttpRequestData request) =>
        request.FunctionContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The function doesn't require an access token.");
}
