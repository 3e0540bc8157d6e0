using System.Globalization;
using System.Linq.Expressions;
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
    /// <param name="invocation">Stands for the <see cref="Invocation"/>.</param>
    /// <param name="trigger">The type that the trigger itself has.</param>
    /// <param name="route">The function's route, null when it has none.</param>
    internal static Expression ValueOf(
        string function, ParameterInfo parameter, Expression invocation, Type trigger, RoutePattern? route)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return invocation;
        if (type == typeof(CancellationToken))
            return Expression.Property(invocation, nameof(FunctionContext.CancellationToken));
        if (type == trigger)
        {
            var property = trigger == typeof(TimerInfo) ? nameof(Invocation.Timer) : nameof(Invocation.Request);
            return Expression.Convert(Expression.Property(invocation, property), type);
        }

        if (route is null || Array.IndexOf(RouteValueTypes, type) < 0)
            throw new StartupException(
                $"Function '{function}': nothing can be bound to the parameter '{parameter.Name}' of type {type.Name}.");
        if (route.GetParameter(parameter.Name!) is null)
            throw new StartupException(
                $"Function '{function}': its route '{route.RawText}' has no value for the parameter '{parameter.Name}'.");
        var fallback = parameter.HasDefaultValue
            ? Expression.Constant(parameter.DefaultValue, type)
            : (Expression)Expression.Default(type);
        return Expression.Call(
            typeof(ParameterBinding), nameof(RouteValue), [type], invocation, Expression.Constant(parameter.Name), fallback);
    }

    private static T? RouteValue<T>(Invocation invocation, string name, T? fallback)
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
