using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables;

/// <summary>The members of a type that implements <see cref="ITableEntity"/>, looked up once.</summary>
internal sealed class EntityModel
{
    private static readonly ConcurrentDictionary<Type, EntityModel> Models = new();

    private EntityModel(Type type) => Members =
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0
                && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            .Select(property => new Member(property)),
    ];

    public IReadOnlyList<Member> Members { get; }

    public static EntityModel Of(Type type) => Models.GetOrAdd(type, static key => new EntityModel(key));

    /// <summary>Makes an entity of the type out of the properties that were read.</summary>
    public object Create(Type type, TableEntity properties)
    {
        var entity = Activator.CreateInstance(type)!;
        foreach (var member in Members)
        {
            if (properties.TryGetValue(member.Name, out var value))
                member.WriteTo(entity, value);
        }

        return entity;
    }

    internal sealed class Member(PropertyInfo property)
    {
        private readonly Type _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

        public string Name { get; } = property.Name == nameof(ITableEntity.ETag)
            ? EntityProperties.ETag
            : property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name;

        public object? ReadFrom(object entity)
        {
            var value = property.CanRead ? property.GetValue(entity) : null;
            return value is Enum ? value.ToString() : value;
        }

        public void WriteTo(object entity, object? value)
        {
            if (property.CanWrite)
                property.SetValue(entity, Convert(value));
        }

        private object? Convert(object? value) => value switch
        {
            string text when _type == typeof(ETag) => new ETag(text),
            string text when _type.IsEnum => Enum.Parse(_type, text),
            byte[] bytes when _type == typeof(BinaryData) => new BinaryData(bytes),
            DateTimeOffset time when _type == typeof(DateTime) => time.UtcDateTime,
            int number when _type == typeof(long) => (long)number,
            int number when _type == typeof(double) => (double)number,
            long number when _type == typeof(double) => (double)number,
            _ => value,
        };
    }
}
