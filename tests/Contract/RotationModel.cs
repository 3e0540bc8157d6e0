namespace Serverless.Testing;

internal static class RotationModel
{
    /// <summary>Applies a rotation to a session, as storage does with a merge.</summary>
    public static Session Apply(this Rotation rotation, Session session) => session with
    {
        Generation = rotation.Generation,
        Number = rotation.Number,
        NumberStartedAt = rotation.NumberStartedAt,
        LastActivityAt = rotation.At,
        ExpiresAt = rotation.ExpiresAt,
        ExpiryReason = rotation.ExpiryReason,
        AbsoluteExpiresAt = rotation.AbsoluteExpiresAt,
        Rotations = session.Rotations.With(rotation.Token.Generation, rotation.At),
        Attempt = rotation.Attempt,
        Audit = rotation.Audit,
        Authentication = rotation.Authentication ?? session.Authentication,
        Places = rotation.Places ?? session.Places,
        Client = rotation.ChangesLocation ? session.Client with { Location = rotation.Location } : session.Client,
    };
}
