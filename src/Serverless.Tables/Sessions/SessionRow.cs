using System.Globalization;
using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Audit;

namespace Serverless.Tables.Sessions;

/// <summary>A session as a row: what is written at login, at a refresh and at the end, and how it is read back.</summary>
internal static class SessionRow
{
    private const string AuditCount = "AuditCount";
    private const string AuditCodeColumn = "AuditCode";

    private static readonly string[] RotationColumns =
        [.. Enumerable.Range(0, RotationTimes.Count).Select(slot => string.Create(CultureInfo.InvariantCulture, $"R{slot}"))];

    public static TableEntity ForLogin(Session session)
    {
        var row = new TableEntity(session.UserId.ToString(), TableKeys.Session(session.Id))
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

    /// <summary>Only what a refresh changes; a merge leaves the rest.</summary>
    public static TableEntity ForRotation(Rotation rotation)
    {
        var row = new TableEntity(rotation.UserId.ToString(), TableKeys.Session(rotation.SessionId))
        {
            [nameof(Session.Generation)] = rotation.Generation,
            [nameof(Session.Number)] = rotation.Number,
            [nameof(Session.NumberStartedAt)] = rotation.NumberStartedAt,
            [nameof(Session.LastActivityAt)] = rotation.At,
            [nameof(Session.ExpiresAt)] = rotation.ExpiresAt,
            [RotationColumns[RotationTimes.SlotOf(rotation.RotatedGeneration)]] = rotation.At,
            // A merge can't remove a property: the attempt of the rotation before is overwritten with nothing.
            [nameof(Session.Attempt)] = rotation.Attempt?.Value ?? "",
        };
        WriteAudit(row, rotation.Audit);
        return row;
    }

    /// <summary>Only the roles.</summary>
    public static TableEntity ForRoles(Session session)
    {
        var row = new TableEntity(session.UserId.ToString(), TableKeys.Session(session.Id))
        {
            [nameof(Session.Roles)] = RoleList.Write(session.Roles),
        };
        WriteAudit(row, session.Audit);
        return row;
    }

    /// <summary>Only what an ending changes.</summary>
    public static TableEntity ForEnding(Session ended)
    {
        var row = new TableEntity(ended.UserId.ToString(), TableKeys.Session(ended.Id))
        {
            ["EndedAt"] = ended.Ending!.At,
            ["EndReason"] = ended.Ending.Reason.Name,
            ["EndEntry"] = ended.Ending.EntryId,
        };
        WriteAudit(row, ended.Audit);
        return row;
    }

    public static StoredSession Read(TableEntity row)
    {
        if (!UserId.TryParse(row.PartitionKey, out var user)
            || !SessionId.TryParse(row.RowKey.AsSpan("s:".Length), out var id)
            || row.GetString(nameof(Session.Email)) is not { Length: > 0 } email)
        {
            throw new StorageUnavailableException("A session row can't be read.");
        }

        var session = new Session
        {
            Id = id,
            UserId = user,
            Email = Email.OfStored(email, null),
            Roles = RoleList.Read(row.GetString(nameof(Session.Roles))),
            Client = new(
                row.GetString(nameof(ClientInfo.IpAddress)),
                row.GetString(nameof(ClientInfo.UserAgent)),
                row.GetString(nameof(ClientInfo.Device))),
            Remember = row.GetBoolean(nameof(Session.Remember)) ?? false,
            CreatedAt = Time(row, nameof(Session.CreatedAt)),
            LastActivityAt = Time(row, nameof(Session.LastActivityAt)),
            ExpiresAt = Time(row, nameof(Session.ExpiresAt)),
            AbsoluteExpiresAt = Time(row, nameof(Session.AbsoluteExpiresAt)),
            Generation = row.GetInt32(nameof(Session.Generation)) ?? 0,
            Number = row.GetInt32(nameof(Session.Number)) ?? 0,
            NumberStartedAt = Time(row, nameof(Session.NumberStartedAt)),
            Rotations = new([.. RotationColumns.Select(row.GetDateTimeOffset)]),
            Attempt = row.GetString(nameof(Session.Attempt)) is { Length: > 0 } attempt ? new AttemptHash(attempt) : null,
            Audit = new(
                row.GetInt32(AuditCount) ?? 0,
                AuditCode.TryParse(row.GetString(AuditCodeColumn), out var code) ? code : default),
            Ending = row.GetString("EndReason") is { } reason
                ? new(EndReason.Of(reason), Time(row, "EndedAt"), row.GetGuid("EndEntry") ?? default)
                : null,
        };
        return new(session, new(row.ETag.ToString()));
    }

    private static void WriteAudit(TableEntity row, AuditHead head)
    {
        row[AuditCount] = head.Count;
        row[AuditCodeColumn] = head.Code.ToString();
    }

    private static DateTimeOffset Time(TableEntity row, string column) => row.GetDateTimeOffset(column) ?? default;
}
