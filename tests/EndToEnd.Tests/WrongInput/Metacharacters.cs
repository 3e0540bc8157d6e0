namespace EndToEnd.Tests.WrongInput;

/// <summary>Texts that mean something to a database, a shell, a browser or a log.</summary>
internal static class Metacharacters
{
    public static readonly string[] All =
    [
        "' or '1'='1", "'; DROP TABLE Sessions; --", "x' or PartitionKey ne '", "') or (PartitionKey ge 'a",
        "PartitionKey eq 'a' and RowKey eq 'b'", "$filter=true", "\" or \"\"=\"", "\\' or 1 eq 1 or \\'", "/\\#?%&+",
        "../../etc/passwd", "%00%27%20or%201%20eq%201", "<script>alert(1)</script>",
        "]]><!--{{7*7}}${7*7}${jndi:ldap://127.0.0.1/a}", "`id`;$(id)|id&&id", "--changeset_x\\r\\nContent-Type: a",
        "{0} {Email} %s %n", "\u202e\u2066\ufeff\u200b\uffff", "\U0001F600\u0301\u00DF\u0130\u01C5",
    ];
}
