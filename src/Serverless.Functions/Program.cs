using Microsoft.Azure.Functions.Worker.Builder;
using Serverless.Functions;
using Serverless.Sessions;
using Serverless.Tables;

var builder = FunctionsApplication.CreateBuilder(args);
// Outermost, so that it also records the responses that ProblemMiddleware writes.
builder.UseMiddleware<InvocationTelemetry>();
builder.UseMiddleware<ProblemMiddleware>();
builder.UseMiddleware<AuthorizationMiddleware>();

builder.Logging.AddStartupConsole();
builder.Services.AddSessions();
builder.Services.AddTableStorage();
builder.Services.AddHttp();
builder.Services.AddLocations();
builder.Services.AddAccounts(builder.Configuration);
builder.Services.AddCaptcha(builder.Configuration);
builder.Services.AddMail(builder.Configuration);
builder.Services.AddPush(builder.Configuration);
builder.Services.AddTelemetry();
builder.Services.AddSecurityWebhook(builder.Configuration);
builder.Services.AddHostedService<SendAtOnce>();
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
