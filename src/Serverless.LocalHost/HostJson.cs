using System.Text.Json.Serialization;

namespace Serverless.LocalHost;

/// <summary>The JSON that the host reads and writes, with comments and names in any case allowed.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(LocalSettings))]
[JsonSerializable(typeof(Binding))]
[JsonSerializable(typeof(TimerInput))]
internal sealed partial class HostJson : JsonSerializerContext;
