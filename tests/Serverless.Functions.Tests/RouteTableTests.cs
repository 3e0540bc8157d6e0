using Serverless.Documents.OpenApi;

namespace Serverless.Functions.Tests;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("sessions/login", "POST")]
    [InlineData("SESSIONS/Login", "POST")]
    [InlineData("sessions/status", "GET HEAD")]
    [InlineData("auth/refresh", "POST")]
    [InlineData("sessions/passkey", "POST")]
    [InlineData("sessions/passkey/options", "POST")]
    [InlineData("accounts/passkey", "POST")]
    [InlineData("accounts/passkey/options", "POST")]
    [InlineData("accounts/passkeys", "GET HEAD POST")]
    [InlineData("accounts/passkeys/options", "POST")]
    [InlineData("accounts/passkeys/0123456789abcdef0123456789abcdef", "PATCH DELETE")]
    [InlineData("accounts/passkeys/0123456789ABCDEF0123456789abcdef0", null)]
    [InlineData("sessions/0123456789abcdef0123456789abcdef", "DELETE")]
    [InlineData("dashboard", "GET HEAD")]
    [InlineData("dashboard/main.js", "GET HEAD")]
    [InlineData("dashboard/a/b", null)]
    [InlineData("demo/session-sw.js", "GET HEAD")]
    [InlineData("sessions/0123456789ABCDEF0123456789abcdef0", null)]
    [InlineData("..%2f..%2fetc", null)]
    [InlineData("sessions//status", null)]
    [InlineData("%", null)]
    [InlineData("{*path}", null)]
    [InlineData("sessions/{id}", null)]
    [InlineData("a\\b?c#d", null)]
    [InlineData("sessions", null)]
    [InlineData("sessions/login/x", null)]
    [InlineData("", null)]
    public void An_address_knows_the_methods_of_its_functions(string path, string? methods) =>
        Assert.Equal(methods?.Split(' ') ?? [], RouteTable.MethodsOf(path));

    [Fact]
    public void A_route_below_admin_needs_the_session_of_an_administrator()
    {
        var functions = ApiFunction.All.Where(function => function.Trigger.Route!.StartsWith(AdminRoutes.Prefix, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.Equal((true, Access.Session), (function.IsForAdministrators, function.Operation.Access)));
    }

    [Fact]
    public void A_route_that_needs_a_fresh_proof_needs_a_session()
    {
        var functions = ApiFunction.All.Where(function => function.Operation.NeedsFreshAuthentication).ToList();
        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.Equal(Access.Session, function.Operation.Access));
    }

    // Ending sessions is the safe direction; whoever acknowledges a flag gains nothing, and it stays listed with their id.
    [Fact]
    public void An_administrator_needs_a_fresh_proof_for_what_adds_power_and_not_to_end_sessions() => Assert.Equal(
        ["AcknowledgeSuspiciousIp", "EndSessionOfAccount", "EndSessionsOfAccount", "UnacknowledgeSuspiciousIp"],
        ApiFunction.All.Where(function => function.IsForAdministrators && !function.Verbs!.Contains("get")
            && !function.Problems.Contains(ProblemCode.InsufficientUserAuthentication))
            .Select(function => function.Name).Order());

    [Fact]
    public void A_user_needs_a_fresh_proof_for_what_adds_a_way_in_or_gives_data_away() => Assert.Equal(
        [
            "AccountDeletion", "AccountExport", "ChooseNotifications", "EmailChange", "PasswordChange",
            "RegisterPasskey", "RemovePasskey", "RenamePasskey", "StartPasskeyRegistration",
        ],
        ApiFunction.All.Where(function => !function.IsForAdministrators && function.Problems.Contains(ProblemCode.InsufficientUserAuthentication))
            .Select(function => function.Name).Order());

    [Theory]
    [InlineData("Login", "/api/sessions/login")]
    [InlineData("RevokeSession", "/api/sessions/{id}")]
    [InlineData("GetStatistics", "/api/admin/statistics")]
    [InlineData("PurgeExpiredSessions", null)]
    public void A_function_is_shown_with_its_route(string function, string? path) =>
        Assert.Equal(path, RouteTable.Find(function)?.Path);
}
