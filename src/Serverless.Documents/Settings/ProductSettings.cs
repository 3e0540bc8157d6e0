using Serverless.Functions.Http;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Settings;
using Serverless.Tables.Storage;

namespace Serverless.Documents.Settings;

/// <summary>The settings of all options classes, by section; the schedules, which have none, come first.</summary>
internal static class ProductSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. from assembly in new[] { typeof(StorageOptions).Assembly, typeof(NetworkOptions).Assembly, typeof(SessionOptions).Assembly }
           from type in assembly.GetTypes()
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           orderby section, type.Name
           from setting in Setting.Of(type, section)
           select setting,
    ];
}
