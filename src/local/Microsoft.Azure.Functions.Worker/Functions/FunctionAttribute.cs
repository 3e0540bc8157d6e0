namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a method a function; the name is unique within the app.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
