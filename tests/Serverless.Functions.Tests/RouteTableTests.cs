using Serverless.Functions.Http;

namespace Serverless.Functions.Tests;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("sessions/login", "POST")]
    [InlineData("SESSIONS/Login", "POST")]
    [InlineData("sessions/status", "GET")]
    [InlineData("auth/refresh", "POST")]
    [InlineData("sessions", null)]
    [InlineData("sessions/login/x", null)]
    [InlineData("", null)]
    public void An_address_knows_the_methods_of_its_functions(string path, string? method) =>
        Assert.Equal(method is null ? [] : [method], RouteTable.OfThisApp.MethodsOf(path));
}
