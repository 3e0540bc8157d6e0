using Microsoft.Azure.Functions.Worker.Middleware;

namespace Serverless.Functions.Http;

/// <summary>Enforces what the <see cref="OperationAttribute"/> of every function says, so that none can forget the check.</summary>
internal sealed class AuthorizationMiddleware(Callers callers, FreshAuthentication fresh, IOptions<AdministratorOptions> administrators)
    : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // Null for a timer.
        if (await context.GetHttpRequestDataAsync() is { } request)
        {
            var route = RouteTable.Find(context.FunctionDefinition.Name)
                ?? throw new InvalidOperationException($"The function {context.FunctionDefinition.Name} has no known route.");
            if (route.Access is not (Access.Anyone or Access.RefreshToken or Access.EitherToken))
                await AuthorizeAsync(request, route, context);
        }

        await next(context);
    }

    private async ValueTask AuthorizeAsync(HttpRequestData request, FunctionRoute route, FunctionContext context)
    {
        var token = await callers.AuthenticateAsync(request, context.CancellationToken);
        context.Features.Set(token);
        if (route.Access == Access.AccessToken && !route.IsForAdministrators && !route.NeedsFreshAuthentication)
            return;
        var session = (await callers.CheckSessionAsync(token, context.CancellationToken)).WithLater(token.Authentication);
        context.Features.Set(session);
        // The roles of the session, not of the token: a removed role doesn't last until the token expires.
        if (route.IsForAdministrators && !session.Roles.Contains(Roles.Admin))
            throw new ProblemException(Problem.NoAdministrator());
        if (route.IsForAdministrators && administrators.Value.RequirePasskey && !session.Authentication.IsByPasskey)
            throw new ProblemException(ProblemCode.PasskeyRequired, "Log in, or step up, with a passkey.");
        if (route.NeedsFreshAuthentication)
            fresh.Require(session);
    }
}

internal static class AuthorizedRequests
{
    public static AccessToken Token(this HttpRequestData request) => request.FunctionContext.Features.Get<AccessToken>()
        ?? throw new InvalidOperationException("The function doesn't require an access token.");

    public static Session Session(this HttpRequestData request) => request.FunctionContext.Features.Get<Session>()
        ?? throw new InvalidOperationException("The function doesn't require a session.");
}
