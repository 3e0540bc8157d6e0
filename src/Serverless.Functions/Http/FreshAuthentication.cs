namespace Serverless.Functions.Http;

/// <summary>Requires that the user of a session proved not long ago who they are (RFC 9470).</summary>
public sealed class FreshAuthentication(IOptions<StepUpOptions> options, TimeProvider clock)
{
    internal Problem Missing => new(
        ProblemCode.InsufficientUserAuthentication, "Prove again who you are: POST sessions/step-up.",
        MaximumAge: options.Value.MaximumAge);

    internal void Require(Session session)
    {
        if (!options.Value.IsFresh(session.Authentication, clock.GetUtcNow()))
            throw new ProblemException(Missing);
    }
}
