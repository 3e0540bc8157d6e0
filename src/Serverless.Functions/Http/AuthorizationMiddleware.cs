using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Lets in whom the <see cref="OperationAttribute"/> of a function names, so that no function can forget to ask.</summary>
internal sealed class AuthorizationMiddleware(Callers callers) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (RouteTable.OfThisApp.Find(context.FunctionDefinition.Name) is { Access: Access.Session or Access.AccessToken } route)
        {
            var request = await context.GetHttpRequestDataAsync() ?? throw new InvalidOperationException("An HTTP trigger without a request.");
            var token = await callers.AuthenticateAsync(request, context.CancellationToken);
            var session = route.Access == Access.Session ? await callers.CheckSessionAsync(token, context.CancellationToken) : null;
            // The roles of the session, not of the token: a role that was taken away is gone at once.
            if (route.IsForAdministrators && session?.Roles.Contains(Roles.Admin) != true)
                throw new ProblemException(Problem.NoAdministrator());
            context.Features.Set(new Caller(token, session));
        }

        await next(context);
    }
}

/// <summary>Who sent a request.</summary>
internal sealed record Caller(AccessToken Token, Session? Session);

/// <summary>What <see cref="AuthorizationMiddleware"/> found out about a request.</summary>
internal static class AuthorizedRequests
{
    /// <summary>The access token, where the function has <see cref="Access.Session"/> or <see cref="Access.AccessToken"/>.</summary>
    public static AccessToken Token(this HttpRequestData request) => request.Caller().Token;

    /// <summary>The session, where the function has <see cref="Access.Session"/>.</summary>
    public static Session Session(this HttpRequestData request) =>
        request.Caller().Session ?? throw new InvalidOperationException("The function doesn't ask for a session.");

    private static Caller Caller(this HttpRequestData request) =>
        request.FunctionContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The function asks for no access token.");
}
