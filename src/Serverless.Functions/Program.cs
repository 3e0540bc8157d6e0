using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Functions;
using Serverless.Functions.Accounts;
using Serverless.Functions.Captcha;
using Serverless.Functions.Http;
using Serverless.Sessions;
using Serverless.Tables;

var builder = FunctionsApplication.CreateBuilder(args);
builder.UseMiddleware<ProblemMiddleware>();

builder.Services.AddSessions();
builder.Services.AddTableStorage();
builder.Services.AddHttp();
builder.Services.AddAccounts();
builder.Services.AddCaptcha(builder.Configuration);
builder.Services.AddHostedService<WarmUp>();
if (builder.Environment.IsDevelopment())
    builder.Services.AddDevelopmentKeyRing();
else if (!string.IsNullOrEmpty(builder.Configuration["Keys:VaultUri"]))
    builder.Services.AddKeyVaultKeyRing();
else
    throw new InvalidOperationException(Refusals.NoKeysOutsideDevelopment(builder.Environment.EnvironmentName));

builder.Build().Run();
