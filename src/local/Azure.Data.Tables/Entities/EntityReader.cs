using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities from the JSON of the service's replies, straight from the reader into the entity.</summary>
internal sealed class EntityReader<T>
    where T : ITableEntity
{
    private readonly PropertyNames _names = new();

    public static T ReadOne(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return new EntityReader<T>().Read(ref reader);
    }

    /// <summary>The entities in <c>value</c> of a query's reply.</summary>
    public static List<T> ReadMany(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var entities = new EntityReader<T>();
        var result = new List<T>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResult = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isResult)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                result.Add(entities.Read(ref reader));
        }

        return result;
    }

    private T Read(ref Utf8JsonReader reader)
    {
        var entity = ReadProperties(ref reader);
        if (entity is T same)
            return same;

        if (!typeof(IDictionary<string, object>).IsAssignableFrom(typeof(T)))
            return (T)EntityModel.Of(typeof(T)).Create(typeof(T), entity);

        var dictionary = Activator.CreateInstance<T>();
        foreach (var (name, value) in entity.Properties)
            ((IDictionary<string, object>)dictionary)[name] = value;
        return dictionary;
    }

    private TableEntity ReadProperties(ref Utf8JsonReader reader)
    {
        var entity = new TableEntity(_names.Count);
        var properties = entity.Properties;
        string? typedName = null;
        string? type = null;
        for (var index = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; index++)
        {
            var name = _names.At(index, ref reader);
            reader.Read();
            if (name.IsType)
            {
                (typedName, type) = (name.Property, reader.GetString());
                // A type usually stands before its value, but nothing says that it must.
                if (properties.TryGetValue(name.Property, out var untyped))
                    properties[name.Property] = EntityValue.Convert(untyped, type);
            }
            else if (name.Property != EntityProperties.Metadata)
            {
                var typeHere = name.Property == typedName ? type : EntityValue.TypeOf(name.Property);
                if (EntityValue.Read(ref reader, typeHere) is { } value)
                    properties[name.Property] = value;
            }
        }

        return entity;
    }
}
