using System.Globalization;

namespace Microsoft.Azure.Functions.Worker.Runtime.Timers;

/// <summary>
/// The values one field of an NCRONTAB expression allows: a list of <c>*</c>, values and ranges, each with an optional step.
/// </summary>
internal sealed class NcrontabField
{
    private readonly string _field;
    private readonly int _min;
    private readonly int _max;
    private readonly string[]? _names;
    private ulong _values;

    internal NcrontabField(string field, string text, int min, int max, string[]? names = null)
    {
        (_field, _min, _max, _names) = (field, min, max, names);
        foreach (var part in text.Split(','))
            Add(part);
        First = FirstFrom(min)!.Value;
    }

    internal int First { get; }

    internal bool Contains(int value) => ((_values >> value) & 1) == 1;

    /// <returns>The smallest value that is not below the given one.</returns>
    internal int? FirstFrom(int value)
    {
        while (value <= _max && !Contains(value))
            value++;
        return value <= _max ? value : null;
    }

    private void Add(string part)
    {
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var step = slash < 0 ? 1 : Number(part[(slash + 1)..]);
        var range = slash < 0 ? part : part[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        int from, to;
        if (range == "*")
        {
            (from, to) = (_min, _max);
        }
        else if (dash > 0)
        {
            (from, to) = (Value(range[..dash]), Value(range[(dash + 1)..]));
            // NCrontab turns a range around that is the wrong way round, so FRI-MON is Monday to Friday.
            if (from > to)
                (from, to) = (to, from);
        }
        else
        {
            // A single value with a step goes on to the end: 5/20 is 5, 25, 45.
            from = Value(range);
            to = slash < 0 ? from : _max;
        }

        if (step < 1)
            throw new FormatException($"the step in the {_field} '{part}' must be 1 or more");
        for (long value = from; value <= to; value += step)
            _values |= 1UL << (int)value;
    }

    private int Value(string text)
    {
        var name = text.Length > 0 && !char.IsAsciiDigit(text[0]) && _names is not null
            ? Array.FindIndex(_names, n => n.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            : -1;
        var value = name >= 0 ? name + _min : Number(text);
        return value >= _min && value <= _max
            ? value
            : throw new FormatException($"the {_field} goes from {_min} to {_max}, and '{text}' does not");
    }

    private int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is no {_field}");
}
