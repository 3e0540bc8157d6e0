using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>What a function's method tells about the function.</summary>
internal sealed class MethodDefinition : FunctionDefinition
{
    internal MethodDefinition(Function function)
    {
        var method = function.Method;
        Name = function.Name;
        EntryPoint = $"{method.DeclaringType!.FullName}.{method.Name}";
        PathToAssembly = method.DeclaringType.Assembly.Location;
        // Stable over restarts, as the host's ids are, which come from the metadata, too.
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name} {EntryPoint}")).AsSpan(0, 8));
        Parameters = [.. method.GetParameters().Select(p =>
            new FunctionParameter(p.Name!, p.ParameterType, p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue : null))];
        var trigger = method.GetParameters().First(p => p.IsDefined(typeof(TriggerBindingAttribute), inherit: true)).Name!;
        InputBindings = Binding(trigger, function.TriggerType, BindingDirection.In);
        OutputBindings = function is HttpFunction
            ? Binding("$return", "http", BindingDirection.Out)
            : ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override string PathToAssembly { get; }

    public override string EntryPoint { get; }

    public override string Id { get; }

    public override string Name { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    private static ImmutableDictionary<string, BindingMetadata> Binding(string name, string type, BindingDirection direction) =>
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(name, new Metadata(name, type, direction));

    private sealed class Metadata(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
