using System.Globalization;
using Serverless.Functions.Http;

namespace Serverless.Functions.Mailbox;

/// <summary>The number of a notice or a message in a query.</summary>
internal static class PlaceField
{
    /// <summary>Reads one; a wrong one sets the problem unless there is one already.</summary>
    /// <param name="text">What the query says; null where it says nothing.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="problem">The first problem.</param>
    public static int? Read(string? text, string field, ref Problem? problem)
    {
        if (text is null)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        problem ??= Problem.InvalidField(field, "must be the number of one of them, or 0.");
        return null;
    }
}
