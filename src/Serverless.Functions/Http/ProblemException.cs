namespace Serverless.Functions.Http;

/// <summary>Rejects a request before it reaches a use case; <see cref="ProblemMiddleware"/> responds with the problem. What a use case
/// refuses is a value instead.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(ProblemCode code, string detail)
        : this(new(code, detail))
    {
    }

    public Problem Problem => problem;

    public static void ThrowIf(Problem? problem)
    {
        if (problem is not null)
            throw new ProblemException(problem);
    }

    public static ProblemException InvalidField(string field, string why) => new(Problem.InvalidField(field, why));
}
