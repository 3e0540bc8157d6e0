using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Serverless.Functions.Tests.Push;

internal sealed class StubEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;
    public string ApplicationName { get; set; } = "";
    public string ContentRootPath { get; set; } = "";
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
