using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Sessions.AuditLog;

namespace Serverless.Functions.Http;

/// <summary>Where a page of a log begins.</summary>
[Query("after", "The `next` of the previous page.")]
internal static class PageStart
{
    /// <summary>Reads <c>after</c>; a wrong one sets the problem unless there is one already.</summary>
    public static LogPosition? Read(HttpRequestData request, ref Problem? problem)
    {
        if (request.QueryField("after", ref problem) is not { } text)
            return null;
        if (LogPosition.TryParse(text, out var position))
            return position;
        problem ??= Problem.InvalidField("after", "is no continuation of this route.");
        return null;
    }
}
