using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>Makes the object that a function's method is called on, by its constructor, out of the app's services.</summary>
internal sealed class FunctionActivator
{
    private readonly Type _type;
    private readonly ParameterInfo[] _parameters;
    private readonly ConstructorInvoker _constructor;

    /// <exception cref="InvalidOperationException">The class can't be made.</exception>
    internal FunctionActivator(Type type)
    {
        var constructors = type.IsAbstract ? [] : type.GetConstructors();
        var chosen = constructors.FirstOrDefault(each => each.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? (constructors is [var only] ? only : throw new InvalidOperationException(
                $"{type.Name} has {constructors.Length} public constructors, not one."));
        _type = type;
        _parameters = chosen.GetParameters();
        _constructor = ConstructorInvoker.Create(chosen);
    }

    internal object Create(IServiceProvider services)
    {
        var values = new object?[_parameters.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Find(_parameters[i], services);
        return _constructor.Invoke(values.AsSpan());
    }

    private object? Find(ParameterInfo parameter, IServiceProvider services)
    {
        var type = parameter.ParameterType;
        var found = parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? ((IKeyedServiceProvider)services).GetKeyedService(type, keyed.Key)
            : services.GetService(type);
        return found ?? (parameter.HasDefaultValue ? parameter.DefaultValue : throw new InvalidOperationException(
            $"Unable to resolve service for type '{type}' while attempting to activate '{_type}'."));
    }
}
