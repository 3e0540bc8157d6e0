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
// It sees the answers that problems become, so it stands around them.
builder.UseMiddleware<InvocationTelemetry>();
builder.UseMiddleware<ProblemMiddleware>();

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
if (!SettingsCheck.Passes(app.Services, Console.Error))
    return 1;
app.Run();
return 0;
