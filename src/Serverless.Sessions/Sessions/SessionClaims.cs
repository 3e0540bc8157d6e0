namespace Serverless.Sessions.Sessions;

/// <summary>All that the tokens of a session say of its user. A refresh token copies it from the row as a whole, so that a refresh needs no
/// read, and gets it anew when one is needed.</summary>
public sealed record SessionClaims(IReadOnlyList<string> Roles, Authentication Authentication)
{
    public bool Equals(SessionClaims? other) =>
        other is not null && Roles.SequenceEqual(other.Roles) && Authentication == other.Authentication;

    public override int GetHashCode() => Authentication.GetHashCode();
}
