namespace Serverless.Functions.Http;

/// <summary>Aborts a request; <see cref="ProblemMiddleware"/> responds with the problem.</summary>
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
