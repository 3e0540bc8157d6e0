using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>Where a function's parameters get their values from.</summary>
internal static class ParameterBinding
{
    private static readonly Type[] RouteValueTypes = [typeof(string), typeof(int), typeof(long), typeof(Guid), typeof(bool)];

    /// <param name="function">The function's name, for the sentence when a parameter doesn't fit.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="trigger">The type that the trigger itself has.</param>
    /// <param name="route">The function's route, null when it has none.</param>
    internal static Func<Invocation, object?> ValueOf(string function, ParameterInfo parameter, Type trigger, RoutePattern? route)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return static invocation => invocation;
        if (type == typeof(CancellationToken))
            return static invocation => invocation.CancellationToken;
        if (type == trigger)
            return trigger == typeof(TimerInfo) ? static invocation => invocation.Timer : static invocation => invocation.Request;

        if (route is null || Array.IndexOf(RouteValueTypes, type) < 0)
            throw new StartupException(
                $"Function '{function}': nothing can be bound to the parameter '{parameter.Name}' of type {type.Name}.");
        if (route.GetParameter(parameter.Name!) is null)
            throw new StartupException(
                $"Function '{function}': its route '{route.RawText}' has no value for the parameter '{parameter.Name}'.");
        return typeof(ParameterBinding).GetMethod(nameof(RouteValue), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).CreateDelegate<Func<ParameterInfo, Func<Invocation, object?>>>()(parameter);
    }

    private static Func<Invocation, object?> RouteValue<T>(ParameterInfo parameter)
        where T : IParsable<T>
    {
        var fallback = parameter.HasDefaultValue ? (T?)parameter.DefaultValue : default;
        return invocation => ReadRouteValue(invocation, parameter.Name!, fallback);
    }

    private static T? ReadRouteValue<T>(Invocation invocation, string name, T? fallback)
        where T : IParsable<T>
    {
        var text = invocation.Request?.RouteValues[name]?.ToString();
        if (text is null)
            return fallback;
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FunctionInputConverterException(
                $"The route value '{name}' of function '{invocation.Function.Name}' is no {typeof(T).Name}.");
    }
}
