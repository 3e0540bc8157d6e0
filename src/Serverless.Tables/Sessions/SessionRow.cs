namespace Serverless.Tables.Sessions;

internal static class SessionRow
{
    private const string AuditCount = "AuditCount";
    private const string AuditCodeColumn = "AuditCode";

    private static readonly string[] RotationColumns =
        [.. Enumerable.Range(0, RotationTimes.Count).Select(slot => string.Create(CultureInfo.InvariantCulture, $"R{slot}"))];

    public static TableEntity ForLogin(Session session)
    {
        var row = new TableEntity(session.UserId.ToString(), SessionKeys.Session(session.Id))
        {
            [nameof(Session.Email)] = session.Email.Value,
            [nameof(Session.Roles)] = RoleList.Write(session.Roles),
            [nameof(ClientInfo.IpAddress)] = session.Client.IpAddress,
            [nameof(Session.Remember)] = session.Remember,
            [nameof(Session.CreatedAt)] = session.CreatedAt,
            [nameof(Session.LastActivityAt)] = session.LastActivityAt,
            [nameof(Session.ExpiresAt)] = session.ExpiresAt,
            [nameof(Session.AbsoluteExpiresAt)] = session.AbsoluteExpiresAt,
            [nameof(Session.Generation)] = session.Generation,
            [nameof(Session.Number)] = session.Number,
            [nameof(Session.NumberStartedAt)] = session.NumberStartedAt,
        };
        WriteAudit(row, session.Audit);
        if (session.Client.Device is { } device)
            row[nameof(ClientInfo.Device)] = device;
        if (session.Client.UserAgent is { } userAgent)
            row[nameof(ClientInfo.UserAgent)] = userAgent;
        return row;
    }

    public static TableEntity ForRotation(Rotation rotation)
    {
        var row = new TableEntity(rotation.UserId.ToString(), SessionKeys.Session(rotation.SessionId))
        {
            [nameof(Session.Generation)] = rotation.Generation,
            [nameof(Session.Number)] = rotation.Number,
            [nameof(Session.NumberStartedAt)] = rotation.NumberStartedAt,
            [nameof(Session.LastActivityAt)] = rotation.At,
            [nameof(Session.ExpiresAt)] = rotation.ExpiresAt,
            [RotationColumns[RotationTimes.SlotOf(rotation.RotatedGeneration)]] = rotation.At,
            // A merge can't remove a property, so an empty value replaces the attempt of the previous rotation.
            [nameof(Session.Attempt)] = rotation.Attempt?.Value ?? "",
        };
        WriteAudit(row, rotation.Audit);
        return row;
    }

    public static TableEntity ForRoles(Session session)
    {
        var row = new TableEntity(session.UserId.ToString(), SessionKeys.Session(session.Id))
        {
            [nameof(Session.Roles)] = RoleList.Write(session.Roles),
        };
        WriteAudit(row, session.Audit);
        return row;
    }

    public static TableEntity ForEnding(Session ended)
    {
        var row = new TableEntity(ended.UserId.ToString(), SessionKeys.Session(ended.Id))
        {
            ["EndedAt"] = ended.Ending!.At,
            ["EndReason"] = ended.Ending.Reason.Name,
            ["EndEntry"] = ended.Ending.EntryId,
        };
        WriteAudit(row, ended.Audit);
        return row;
    }

    public static StoredSession Read(StoredRow row)
    {
        StoredRow.Require(UserId.TryParse(row.PartitionKey, out var user));
        StoredRow.Require(SessionKeys.TryReadSession(row.RowKey, out var id));
        var session = new Session
        {
            Id = id,
            UserId = user,
            Email = Email.OfStored(row.Text(nameof(Session.Email)), null),
            Roles = RoleList.Read(row.Text(nameof(Session.Roles))),
            Client = new(
                row.Text(nameof(ClientInfo.IpAddress)),
                row.TextOrNull(nameof(ClientInfo.UserAgent)),
                row.TextOrNull(nameof(ClientInfo.Device))),
            Remember = row.Value<bool>(nameof(Session.Remember)),
            CreatedAt = row.Value<DateTimeOffset>(nameof(Session.CreatedAt)),
            LastActivityAt = row.Value<DateTimeOffset>(nameof(Session.LastActivityAt)),
            ExpiresAt = row.Value<DateTimeOffset>(nameof(Session.ExpiresAt)),
            AbsoluteExpiresAt = row.Value<DateTimeOffset>(nameof(Session.AbsoluteExpiresAt)),
            Generation = row.Value<int>(nameof(Session.Generation)),
            Number = row.Value<int>(nameof(Session.Number)),
            NumberStartedAt = row.Value<DateTimeOffset>(nameof(Session.NumberStartedAt)),
            Rotations = new([.. RotationColumns.Select(row.ValueOrNull<DateTimeOffset>)]),
            Attempt = row.TextOrNull(nameof(Session.Attempt)) is { Length: > 0 } attempt ? new AttemptHash(attempt) : null,
            // The audit judges the MAC.
            Audit = new(
                row.ValueOrNull<int>(AuditCount) ?? 0,
                EntryMac.TryParse(row.TextOrNull(AuditCodeColumn), out var code) ? code : default),
            Ending = row.TextOrNull("EndReason") is { } reason
                ? new(new EndReason(reason), row.Value<DateTimeOffset>("EndedAt"), row.ValueOrNull<Guid>("EndEntry") ?? default)
                : null,
        };
        return new(session, row.Version);
    }

    private static void WriteAudit(TableEntity row, AuditHead head)
    {
        row[AuditCount] = head.Count;
        row[AuditCodeColumn] = head.Code.ToString();
    }
}
