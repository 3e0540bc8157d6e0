using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Runtime.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>One run of a function. What few functions ask for is made when it is asked for.</summary>
internal sealed class Invocation : FunctionContext
{
    private readonly CancellationToken _stopping;
    private string? _id;
    private IDictionary<object, object>? _items;
    private InvocationFeatures? _features;
    private RouteBindingContext? _binding;
    private InvocationTrace? _trace;

    internal Invocation(Function function, IServiceProvider services, HttpContext http, Stream body)
    {
        Function = function;
        InstanceServices = services;
        Request = new IncomingRequest(this, http, body);
    }

    internal Invocation(Function function, IServiceProvider services, TimerInfo timer, CancellationToken stopping)
    {
        Function = function;
        InstanceServices = services;
        Timer = timer;
        _stopping = stopping;
    }

    public override string InvocationId => _id ??= Guid.NewGuid().ToString();

    public override string FunctionId => Function.Definition.Id;

    public override TraceContext TraceContext =>
        _trace ??= new InvocationTrace(Request?.Header("traceparent"), Request?.Header("tracestate"));

    public override BindingContext BindingContext => _binding ??= new RouteBindingContext(Request?.RouteValues);

    public override RetryContext RetryContext => NoRetry.Instance;

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken => Request?.Aborted ?? _stopping;

    internal Function Function { get; }

    internal IncomingRequest? Request { get; }

    internal TimerInfo? Timer { get; }

    internal object? Result { get; set; }

    internal static Invocation Of(FunctionContext context) =>
        context as Invocation
        ?? throw new InvalidOperationException($"{context?.GetType()} is no invocation of this runtime and has no result.");

    private sealed class InvocationFeatures : Dictionary<Type, object>, IInvocationFeatures
    {
        public T? Get<T>() => TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public void Set<T>(T instance)
        {
            ArgumentNullException.ThrowIfNull(instance);
            this[typeof(T)] = instance;
        }

        IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator() => GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class RouteBindingContext(RouteValueDictionary? values) : BindingContext
    {
        // The host hands all trigger data over as text.
        public override IReadOnlyDictionary<string, object?> BindingData { get; } =
            values?.ToDictionary(v => v.Key, object? (v) => v.Value?.ToString(), StringComparer.OrdinalIgnoreCase) ?? [];
    }

    private sealed class NoRetry : RetryContext
    {
        internal static readonly NoRetry Instance = new();

        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
