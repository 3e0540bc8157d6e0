using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>How requests are sent: service version, audience, and what <see cref="ClientOptions"/> offers.</summary>
public class TableClientOptions : ClientOptions
{
    /// <summary>Options for one version of the service.</summary>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        Version = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
        Diagnostics.LoggedHeaderNames.Add("x-ms-request-id");
        Diagnostics.LoggedHeaderNames.Add("DataServiceVersion");
    }

    /// <summary>The versions of the service.</summary>
    public enum ServiceVersion
    {
#pragma warning disable CA1707 // The names are the official package's.
        /// <summary>2019-02-02.</summary>
        V2019_02_02 = 1,

        /// <summary>2020-12-06, the default.</summary>
        V2020_12_06 = 2,
#pragma warning restore CA1707
    }

    /// <summary>The cloud whose tokens a <see cref="TokenCredential"/> is asked for; the public cloud by default.</summary>
    public TableAudience? Audience { get; set; }

    internal string Version { get; }
}
