using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker.Builder;
using Serverless.Functions;
using Serverless.Redis;
using Serverless.Sessions;
using Serverless.Tables;

var builder = FunctionsApplication.CreateBuilder(args);
// Outermost, so that it also records the responses that ProblemMiddleware writes.
builder.UseMiddleware<InvocationTelemetry>();
builder.UseMiddleware<ProblemMiddleware>();
builder.UseMiddleware<AuthorizationMiddleware>();
builder.UseWhen<RecordTimerRun>(RecordTimerRun.AppliesTo);

builder.Logging.AddStartupConsole();
builder.Services.AddSessions();
builder.Services.AddTableStorage();
if (RedisOptions.IsOn(name => builder.Configuration.GetSection(RedisOptions.Section)[name]))
    AddRedis();
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

// Of its own, so that nothing of Redis is loaded where it is off.
[MethodImpl(MethodImplOptions.NoInlining)]
void AddRedis()
{
    builder.Services.AddRedis();
    builder.Logging.Print(RedisServices.InBackground);
}
