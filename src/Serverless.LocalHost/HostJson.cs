using System.Text.Json.Serialization;

namespace Serverless.LocalHost;

/// <summary>The JSON that the host reads and writes. A developer may write comments, and names in any case.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(LocalSettings))]
[JsonSerializable(typeof(Binding))]
[JsonSerializable(typeof(TimerInput))]
internal sealed partial class HostJson : JsonSerializerContext;
