using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Checks that a caller is who the <see cref="OperationAttribute"/> of a function asks for, before the function runs.</summary>
internal sealed class AuthorizationMiddleware(Callers callers) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var route = RouteTable.OfThisApp.Find(context.FunctionDefinition.Name);
        if (route is null or { Access: Access.Session or Access.AccessToken } && await context.GetHttpRequestDataAsync() is { } request)
        {
            if (route is null)
                throw new InvalidOperationException($"The function {context.FunctionDefinition.Name} has no known route.");
            context.Features.Set(await AuthorizeAsync(request, route, context.CancellationToken));
        }

        await next(context);
    }

    private async ValueTask<Caller> AuthorizeAsync(HttpRequestData request, FunctionRoute route, CancellationToken cancellationToken)
    {
        var token = await callers.AuthenticateAsync(request, cancellationToken);
        var session = route.Access == Access.Session ? await callers.CheckSessionAsync(token, cancellationToken) : null;
        // The roles of the session, not of the token: removing a role takes effect at once.
        if (route.IsForAdministrators && session?.Roles.Contains(Roles.Admin) != true)
            throw new ProblemException(Problem.NoAdministrator());
        return new(token, session);
    }
}

/// <summary>Who sent a request.</summary>
/// <param name="Session">Null where the function asks for an access token alone.</param>
internal sealed record Caller(AccessToken Token, Session? Session);

/// <summary>The findings of <see cref="AuthorizationMiddleware"/>.</summary>
internal static class AuthorizedRequests
{
    /// <summary>The access token, in functions with <see cref="Access.Session"/> or <see cref="Access.AccessToken"/>.</summary>
    public static AccessToken Token(this HttpRequestData request) => request.Caller().Token;

    /// <summary>The session, in functions with <see cref="Access.Session"/>.</summary>
    public static Session Session(this HttpRequestData request) =>
        request.Caller().Session ?? throw new InvalidOperationException("The function asks for no session.");

    private static Caller Caller(this HttpRequestData request) =>
        request.FunctionContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The function asks for no access token.");
}
