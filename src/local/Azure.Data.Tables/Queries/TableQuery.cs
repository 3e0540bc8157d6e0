using System.Globalization;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The parameters that queries of tables and of entities share.</summary>
internal static class TableQuery
{
    public static void Append(RequestUriBuilder uri, string? filter, string? select, int? top)
    {
        if (top is not null)
            uri.AppendQuery("$top", top.Value.ToString(CultureInfo.InvariantCulture), escapeValue: true);
        if (select is not null)
            uri.AppendQuery("$select", select, escapeValue: true);
        if (filter is not null)
            uri.AppendQuery("$filter", filter, escapeValue: true);
    }
}
