using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>Logs go to the console, a line each, at the levels of host.json.</summary>
internal static class HostLogging
{
    internal static void Add(HostApplicationBuilder builder, HostJson host)
    {
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // What the server says below a warning is about itself, not about the app; func doesn't show it either.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        foreach (var (category, level) in host.LogLevels)
        {
            if (category.Equals("default", StringComparison.OrdinalIgnoreCase))
                builder.Logging.SetMinimumLevel(level);
            else
                builder.Logging.AddFilter(category, level);
        }

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}
