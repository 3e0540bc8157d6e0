using System.Globalization;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Functions.Http;

/// <summary>How long a page is.</summary>
[Query("limit", "How many entries a page has.", Type = typeof(int), Minimum = 1, Maximum = PageLimit.Maximum, Default = PageLimit.Usual)]
internal static class PageLimit
{
    public const int Usual = 50;
    public const int Maximum = 100;

    /// <summary>Reads <c>limit</c>; a wrong one sets the problem unless there is one already.</summary>
    public static int Read(HttpRequestData request, ref Problem? problem)
    {
        var limit = Usual;
        if (request.QueryField("limit", ref problem) is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Maximum))
        {
            problem ??= Problem.InvalidField("limit", $"must be a number from 1 to {Maximum}.");
        }

        return limit;
    }
}
