namespace Serverless.Tables.Sessions;

internal static class SessionRow
{
    private const string AuthenticatedAt = "AuthenticatedAt";
    private const string Methods = "AuthenticationMethods";

    private const string PushEndpoint = "PushEndpoint";
    private const string PushKey = "PushKey";
    private const string PushSecret = "PushSecret";

    private static readonly string[] RotationColumns =
        [.. Enumerable.Range(0, RotationTimes.Count).Select(slot => string.Create(CultureInfo.InvariantCulture, $"R{slot}"))];

    public static TableEntity ForLogin(Session session) => new TableEntity(
        session.UserId.ToString(), SessionKeys.Session(session.Id))
    {
        [nameof(Session.Email)] = session.Email.Value,
        [nameof(Session.Roles)] = string.Join(',', session.Roles),
        [nameof(Session.Remember)] = session.Remember,
        [nameof(Session.CreatedAt)] = session.CreatedAt,
        [nameof(Session.LastActivityAt)] = session.LastActivityAt,
        [nameof(Session.ExpiresAt)] = session.ExpiresAt,
        [nameof(Session.AbsoluteExpiresAt)] = session.AbsoluteExpiresAt,
        [nameof(Session.ExpiryReason)] = session.ExpiryReason.Name,
        [nameof(Session.Generation)] = session.Generation,
        [nameof(Session.Number)] = session.Number,
        [nameof(Session.NumberStartedAt)] = session.NumberStartedAt,
        [AuthenticatedAt] = session.Authentication.At,
        [Methods] = session.Authentication.Methods.ToText(),
        [LogRow.AuditCount] = session.Audit.Count,
        [LogRow.AuditCode] = session.Audit.Code.ToString(),
        [nameof(Session.Places)] = session.Places.IsEmpty ? null : session.Places.ToString(),
    }.With(session.Client).WithoutNulls();

    public static TableEntity ForRotation(Rotation rotation)
    {
        var row = Rotated(rotation);
        if (rotation.Authentication is { } proof)
            row[AuthenticatedAt] = proof.At;
        if (rotation.Places is { } places)
            row[nameof(Session.Places)] = places.ToString();
        return rotation.ChangesLocation ? row.WithReplaced(rotation.Location) : row;
    }

    private static TableEntity Rotated(Rotation rotation) => new(
        rotation.Token.UserId.ToString(), SessionKeys.Session(rotation.Token.SessionId))
    {
        [nameof(Session.Generation)] = rotation.Generation,
        [nameof(Session.Number)] = rotation.Number,
        [nameof(Session.NumberStartedAt)] = rotation.NumberStartedAt,
        [nameof(Session.LastActivityAt)] = rotation.At,
        [nameof(Session.ExpiresAt)] = rotation.ExpiresAt,
        [nameof(Session.ExpiryReason)] = rotation.ExpiryReason.Name,
        [nameof(Session.AbsoluteExpiresAt)] = rotation.AbsoluteExpiresAt,
        [RotationColumns[RotationTimes.SlotOf(rotation.Token.Generation)]] = rotation.At,
        // A merge can't remove a property, so an empty value replaces the attempt of the previous rotation.
        [nameof(Session.Attempt)] = rotation.Attempt?.Value ?? "",
        [LogRow.AuditCount] = rotation.Audit.Count,
        [LogRow.AuditCode] = rotation.Audit.Code.ToString(),
    };

    public static TableEntity ForRoles(Session session) => new(session.UserId.ToString(), SessionKeys.Session(session.Id))
    {
        [nameof(Session.Email)] = session.Email.Value,
        [nameof(Session.Roles)] = string.Join(',', session.Roles),
        [LogRow.AuditCount] = session.Audit.Count,
        [LogRow.AuditCode] = session.Audit.Code.ToString(),
    };

    public static TableEntity ForStepUp(Session session) => new(session.UserId.ToString(), SessionKeys.Session(session.Id))
    {
        [AuthenticatedAt] = session.Authentication.At,
        [Methods] = session.Authentication.Methods.ToText(),
        [LogRow.AuditCount] = session.Audit.Count,
        [LogRow.AuditCode] = session.Audit.Code.ToString(),
    };

    // A merge can't remove a property, so empty values replace those of a subscription that is gone.
    public static TableEntity ForSubscription(Session session) => new(session.UserId.ToString(), SessionKeys.Session(session.Id))
    {
        [PushEndpoint] = session.Push?.Endpoint ?? "",
        [PushKey] = session.Push?.Key ?? "",
        [PushSecret] = session.Push?.Secret ?? "",
    };

    public static TableEntity ForEnding(SessionEnding ending)
    {
        var ended = ending.Ended;
        var row = ending.Unsubscribed is not null ? ForSubscription(ended) : new(ended.UserId.ToString(), SessionKeys.Session(ended.Id));
        row["EndedAt"] = ended.Ending!.At;
        row["EndReason"] = ended.Ending.Reason.Name;
        row["EndEntry"] = ended.Ending.EntryId;
        row[LogRow.AuditCount] = ended.Audit.Count;
        row[LogRow.AuditCode] = ended.Audit.Code.ToString();
        return row;
    }

    public static StoredSession Read(StoredRow row)
    {
        StoredRow.Require(UserId.TryParse(row.PartitionKey, out var user));
        StoredRow.Require(SessionKeys.TryReadSession(row.RowKey, out var id));
        var session = new Session(
            id, user, Email.OfStored(row.Text(nameof(Session.Email)), null), row.Words(nameof(Session.Roles)), row.Client(),
            row.Value<bool>(nameof(Session.Remember)), row.Value<DateTimeOffset>(nameof(Session.CreatedAt)),
            row.Value<DateTimeOffset>(nameof(Session.LastActivityAt)), row.Value<DateTimeOffset>(nameof(Session.ExpiresAt)),
            row.Value<DateTimeOffset>(nameof(Session.AbsoluteExpiresAt)),
            row.Value<DateTimeOffset>(nameof(Session.NumberStartedAt)))
        {
            ExpiryReason = row.TextOrNull(nameof(Session.ExpiryReason)) is { } reason ? new(reason) : EndReason.ExpiredIdle,
            Generation = row.Value<int>(nameof(Session.Generation)),
            Number = row.Value<int>(nameof(Session.Number)),
            Rotations = new([.. RotationColumns.Select(row.ValueOrNull<DateTimeOffset>)]),
            Attempt = row.TextOrNull(nameof(Session.Attempt)) is { Length: > 0 } attempt ? new AttemptHash(attempt) : null,
            // The audit judges the MAC.
            Audit = new(
                row.ValueOrNull<int>(LogRow.AuditCount) ?? 0,
                EntryMac.TryParse(row.TextOrNull(LogRow.AuditCode), out var code) ? code : default),
            Authentication = new(
                row.ValueOrNull<DateTimeOffset>(AuthenticatedAt) ?? row.Value<DateTimeOffset>(nameof(Session.CreatedAt)),
                AuthenticationMethodNames.Read(row.TextOrNull(Methods) ?? "pwd")),
            Places = KnownPlaces.Read(row.TextOrNull(nameof(Session.Places))),
            Push = row.TextOrNull(PushEndpoint) is { Length: > 0 } endpoint
                ? new(endpoint, row.Text(PushKey), row.Text(PushSecret)) : null,
            Ending = row.TextOrNull("EndReason") is { } ended
                ? new(new EndReason(ended), row.Value<DateTimeOffset>("EndedAt"), row.ValueOrNull<Guid>("EndEntry") ?? default)
                : null,
        };
        return new(session, row.Version);
    }
}
