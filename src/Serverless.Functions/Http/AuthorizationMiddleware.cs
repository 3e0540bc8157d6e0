using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Enforces the <see cref="OperationAttribute.Access"/> of every function, so that none can forget the check.</summary>
internal sealed class AuthorizationMiddleware(Callers callers) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // Null for a timer.
        if (await context.GetHttpRequestDataAsync() is { } request)
        {
            var route = RouteTable.OfThisApp.Find(context.FunctionDefinition.Name)
                ?? throw new InvalidOperationException($"The function {context.FunctionDefinition.Name} has no known route.");
            if (route.Access is not (Access.Anyone or Access.RefreshToken or Access.EitherToken))
                context.Features.Set(await AuthorizeAsync(request, route, context.CancellationToken));
        }

        await next(context);
    }

    private async ValueTask<Caller> AuthorizeAsync(HttpRequestData request, FunctionRoute route, CancellationToken cancellationToken)
    {
        var token = await callers.AuthenticateAsync(request, cancellationToken);
        var session = route.Access != Access.AccessToken ? await callers.CheckSessionAsync(token, cancellationToken) : null;
        // The roles of the session, not of the token: a removed role doesn't last until the token expires.
        if (route.IsForAdministrators && session?.Roles.Contains(Roles.Admin) != true)
            throw new ProblemException(Problem.NoAdministrator());
        return new(token, session);
    }
}

internal sealed record Caller(AccessToken Token, Session? Session);

/// <summary>The caller that <see cref="AuthorizationMiddleware"/> authenticated.</summary>
internal static class AuthorizedRequests
{
    public static AccessToken Token(this HttpRequestData request) => request.Caller().Token;

    public static Session Session(this HttpRequestData request) =>
        request.Caller().Session ?? throw new InvalidOperationException("The function doesn't require a session.");

    private static Caller Caller(this HttpRequestData request) =>
        request.FunctionContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The function doesn't require an access token.");
}
