namespace Serverless.Functions.Http;

/// <summary>Requires that the user of a session proved not long ago who they are (RFC 9470).</summary>
public sealed class FreshAuthentication(SessionPolicies policies, TimeProvider clock)
{
    internal Problem MissingIn(Session session) => new(
        ProblemCode.InsufficientUserAuthentication, "Prove again who you are: POST sessions/step-up.",
        MaximumAge: policies.Of(session).PasskeyProofAge);

    internal void Require(Session session)
    {
        if (!policies.Of(session).IsFresh(session.Authentication, clock.GetUtcNow()))
            throw new ProblemException(MissingIn(session));
    }
}
