using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>The generic host with the official builder's sources of configuration, without its file watchers.</summary>
internal static class AppHost
{
    internal static HostApplicationBuilder Create(string directory, string[] args)
    {
        var configuration = new ConfigurationManager();
        // The environment's name comes from here: AZURE_FUNCTIONS_ENVIRONMENT, which DOTNET_ENVIRONMENT overrides.
        configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        configuration.AddEnvironmentVariables("DOTNET_");

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            Configuration = configuration,
            ContentRootPath = directory,
        });

        AddFile(builder.Configuration, Path.Combine(directory, "appsettings.json"));
        AddFile(builder.Configuration, Path.Combine(directory, $"appsettings.{builder.Environment.EnvironmentName}.json"));
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);

        var development = builder.Environment.IsDevelopment();
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions
        {
            ValidateScopes = development,
            ValidateOnBuild = development,
        }));
        return builder;
    }

    private static void AddFile(IConfigurationBuilder configuration, string file)
    {
        if (File.Exists(file))
            configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
    }
}
