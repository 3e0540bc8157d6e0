using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Functions;
using Serverless.Functions.Accounts;
using Serverless.Functions.Captcha;
using Serverless.Functions.Http;
using Serverless.Functions.Settings;
using Serverless.Functions.Telemetry;
using Serverless.Functions.Webhook;
using Serverless.Sessions;
using Serverless.Tables;

var builder = FunctionsApplication.CreateBuilder(args);
// Outermost, so that it also records the responses that ProblemMiddleware writes.
builder.UseMiddleware<InvocationTelemetry>();
builder.UseMiddleware<ProblemMiddleware>();

builder.Logging.AddStartupConsole();
builder.Services.AddSessions();
builder.Services.AddTableStorage();
builder.Services.AddHttp();
builder.Services.AddAccounts();
builder.Services.AddCaptcha(builder.Configuration);
builder.Services.AddTelemetry();
builder.Services.AddSecurityWebhook(builder.Configuration);
builder.Services.AddHostedService<WarmUp>();
builder.Services.AddHostedService<WarnOfUnknownSettings>();
if (builder.Environment.IsDevelopment())
    builder.Services.AddDevelopmentKeyRing();
else
    builder.Services.AddKeyVaultKeyRing();

var app = builder.Build();
if (SettingsCheck.Find(app.Services) is { } misconfiguration)
{
    app.Dispose();
    app = MisconfiguredApp.Build(args, misconfiguration);
}

app.Run();
