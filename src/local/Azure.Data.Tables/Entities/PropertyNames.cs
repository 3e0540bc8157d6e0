using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>
/// The property names of the entities read so far, by position. Entities of one reply mostly have the same properties in the
/// same order, so that a page of a thousand makes each name once.
/// </summary>
internal sealed class PropertyNames
{
    private readonly List<Name> _names = [];

    public int Count => _names.Count;

    public Name At(int index, ref Utf8JsonReader reader)
    {
        if (index < _names.Count)
        {
            var known = _names[index];
            return reader.ValueTextEquals(known.Text) ? known : _names[index] = Read(ref reader);
        }

        var name = Read(ref reader);
        _names.Add(name);
        return name;
    }

    private static Name Read(ref Utf8JsonReader reader)
    {
        var text = reader.GetString()!;
        return text.EndsWith(EntityProperties.TypeSuffix, StringComparison.Ordinal)
            ? new Name(text, text[..^EntityProperties.TypeSuffix.Length], IsType: true)
            : new Name(text, text, IsType: false);
    }

    internal readonly record struct Name(string Text, string Property, bool IsType);
}
