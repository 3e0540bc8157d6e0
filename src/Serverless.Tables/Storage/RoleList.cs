namespace Serverless.Tables.Storage;

internal static class RoleList
{
    public static string Write(IReadOnlyList<string> roles) => string.Join(',', roles);

    public static IReadOnlyList<string> Read(string? column) => string.IsNullOrEmpty(column) ? [] : column.Split(',');
}
