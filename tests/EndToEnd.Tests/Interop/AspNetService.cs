using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EndToEnd.Tests.Interop;

/// <summary>ASP.NET Core with its usual middleware, given the issuer, the audience and the type of access tokens.</summary>
internal sealed class AspNetService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AspNetService(WebApplication app) => (_app, _http) = (app, new() { BaseAddress = new(app.Urls.Single()) });

    public static async Task<AspNetService> StartAsync(string issuer, string audience)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // As in README.md.
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = issuer; // http://localhost:7071/api (Tokens__Issuer)
            options.Audience = audience; // serverless-sessions (Tokens__Audience)
            options.RequireHttpsMetadata = !builder.Environment.IsDevelopment();
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];
            options.TokenValidationParameters.ValidAlgorithms = ["ES256"];
        });
        var app = builder.Build();
        app.MapGet("/orders", (HttpContext context) => context.User.FindFirstValue("sub")).RequireAuthorization();
        // As in docs/api.md.
        app.MapPost("/payments", (HttpContext context) =>
        {
            var provedAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(context.User.FindFirstValue("auth_time")!, CultureInfo.InvariantCulture));
            var byPasskey = context.User.HasClaim(claim => claim is { Type: "amr", Value: "hwk" or "swk" });
            if (byPasskey && DateTimeOffset.UtcNow - provedAt <= TimeSpan.FromMinutes(15))
                return Results.NoContent();
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_user_authentication\", max_age=\"900\"";
            return Results.Problem(
                statusCode: 401, extensions: new Dictionary<string, object?> { ["code"] = "insufficient_user_authentication" });
        }).RequireAuthorization();
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Fetches the keys again, as the middleware does once or twice a day, and returns how many there are.</summary>
    public async Task<int> GetKeysAgainAsync()
    {
        var options = _app.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        var configuration = Assert.IsType<ConfigurationManager<OpenIdConnectConfiguration>>(options.ConfigurationManager);
        configuration.RefreshInterval = ConfigurationManager<OpenIdConnectConfiguration>.MinimumRefreshInterval;
        configuration.RequestRefresh();
        return (await configuration.GetConfigurationAsync(CancellationToken.None)).SigningKeys.Count;
    }

    /// <returns>The token's user, or null where the token is refused.</returns>
    public async Task<string?> VerifyAsync(string token)
    {
        using var request = SessionClient.WithBearer(new(HttpMethod.Get, "/orders"), token);
        using var response = await _http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : null;
    }

    /// <summary>Asks for what needs a fresh proof.</summary>
    public async Task<Payment> PayAsync(string token)
    {
        using var request = SessionClient.WithBearer(new(HttpMethod.Post, "/payments"), token);
        using var response = await _http.SendAsync(request);
        var challenge = response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString();
        return new((int)response.StatusCode, challenge, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
