using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.Settings;
using Serverless.Sessions;
using Serverless.Sessions.Settings;
using Serverless.Tables;

namespace Serverless.Documents.Settings;

/// <summary>The settings that the app adds, by section; the schedules, which have none, come first.</summary>
internal static class ProductSettings
{
    private static readonly IConfiguration Nothing = new ConfigurationBuilder().Build();

    public static IReadOnlyList<Setting> All { get; } =
    [
        .. Setting.Of(typeof(ScheduleOptions), ""),
        .. from service in new ServiceCollection().AddSessions().AddTableStorage().AddHttp().AddLocations().AddTelemetry()
               .AddAccounts(Nothing).AddCaptcha(Nothing).AddMail(Nothing).AddPush(Nothing).AddSecurityWebhook(Nothing)
           where service.ServiceType == typeof(Setting)
           let setting = (Setting)service.ImplementationInstance!
           orderby setting.Section, setting.Property.DeclaringType!.Name
           select setting,
    ];
}
