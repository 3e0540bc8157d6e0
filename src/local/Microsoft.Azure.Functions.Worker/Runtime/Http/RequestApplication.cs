using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>The server's side of the pipeline: one context per connection, as ASP.NET Core's own hosting has it.</summary>
internal sealed class RequestApplication(RequestDelegate pipeline) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            return new DefaultHttpContext(contextFeatures);
        var http = connection.HostContext ??= new DefaultHttpContext();
        http.Initialize(contextFeatures);
        return http;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => pipeline(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
